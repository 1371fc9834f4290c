package dev.clew.examples.serve;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Serves two models from a JVM of its own, holds many conversations with it at once, and compares every letter.
 *
 * @param count conversations
 * @param atOnce requests under way at most
 * @param states that the server keeps
 * @param bytes that they may take
 */
record Demonstration(int count, int atOnce, int states, long bytes) {
    private static final List<String> LANGUAGES = List.of("en", "pl");
    private static final int PARTS = 3;
    private static final int FEW = 50;
    private static final int STARTS = 2;
    private static final double MEBIBYTE = 1 << 20;

    /** Whether every answer was right. */
    boolean run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("clew-serve");
        try {
            Map<String, Path> files = new LinkedHashMap<>();
            for (String language : LANGUAGES) {
                Path file = folder.resolve(language + ".safetensors");
                SmallModels.write(language, file);
                files.put(language, file);
            }
            return served(folder, files);
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private boolean served(Path folder, Map<String, Path> files) throws IOException, InterruptedException {
        ChildServer.Launch launch = new ChildServer.Launch(
                folder, ChildServer.classPath(folder), files, List.of("--states=" + states, "--bytes=" + bytes));
        List<Double> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            try (ChildServer server = ChildServer.start(launch)) {
                starts.add(server.firstAnswer());
            }
        }
        try (ChildServer server = ChildServer.start(launch);
                Clients clients = new Clients(server.port(), atOnce)) {
            starts.add(server.firstAnswer());
            tellStarts(starts, server.processorTime(), clients.figures());
            return talked(server, clients, files);
        }
    }

    private static void tellStarts(List<Double> starts, Optional<Duration> processor, JsonObject figures) {
        List<Double> later = starts.subList(1, starts.size());
        tell(
                "from start to first answer",
                "%.2f s; with an archive of classes %.2f to %.2f s",
                starts.getFirst(),
                Collections.min(later),
                Collections.max(later));
        tell(
                "the last of these",
                "%s, in ms since the start %s",
                processor.map(Demonstration::seconds).orElse(""),
                figures.get("milliseconds"));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s of processor time", time.toMillis() / 1e3);
    }

    @FormatMethod
    private static void tell(String what, @FormatString String format, Object... figures) {
        System.out.printf(Locale.ROOT, "%-28s %s%n", what, String.format(Locale.ROOT, format, figures));
    }

    private boolean talked(ChildServer server, Clients clients, Map<String, Path> files)
            throws IOException, InterruptedException {
        List<Clients.Talk> first = talks(0);
        List<Clients.Talk> second = talks(1);
        tellMemory("at the start", server, clients.figures());
        List<Clients.Heard> heard = clients.hold(first, List.of());
        tellMemory("after half of them", server, clients.figures());
        List<Clients.Heard> more = clients.hold(second, heard);
        JsonObject figures = clients.figures();
        tellMemory("after all", server, figures);
        double rows = figures.get("rows").getAsDouble();
        long runs = figures.get("runs").getAsLong();
        tell("conversations", "%d with %d models", count, files.size());
        tell("letters read or drawn", "%.0f in %d runs: %.1f rows in a run", rows, runs, rows / runs);
        clients.tell(atOnce + " requests at once");
        try (Clients one = new Clients(server.port(), 1)) {
            one.hold(first.subList(0, Math.min(count, FEW)), List.of());
            one.tell("one after the other");
        }
        return compared(files, first, second, heard, more);
    }

    /** Parts of different lengths; every third conversation begins with a letter of its own. */
    private List<Clients.Talk> talks(int half) {
        List<Clients.Talk> talks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Clients.Part> parts = new ArrayList<>();
            for (int part = 0; part < PARTS; part++) {
                boolean isBegun = half == 0 && part == 0 && i % 3 == 0;
                parts.add(new Clients.Part(
                        isBegun ? "ABCDEFGHIJKLM".substring(i % 13, i % 13 + 1) : "", 4 + (i + part) % 5));
            }
            talks.add(new Clients.Talk(LANGUAGES.get(i % LANGUAGES.size()), i, parts));
        }
        return talks;
    }

    private static void tellMemory(String when, ChildServer server, JsonObject figures) {
        tell(
                when,
                "heap %.1f MiB, of it %d states %.1f MiB; plans %.1f MiB%s",
                figures.get("heapBytes").getAsLong() / MEBIBYTE,
                figures.get("states").getAsInt(),
                figures.get("stateBytes").getAsLong() / MEBIBYTE,
                figures.get("planBytes").getAsLong() / MEBIBYTE,
                server.residentBytes().map(Demonstration::process).orElse(""));
    }

    private static String process(long bytes) {
        return String.format(Locale.ROOT, "; the process %.0f MiB", bytes / MEBIBYTE);
    }

    private boolean compared(
            Map<String, Path> files,
            List<Clients.Talk> first,
            List<Clients.Talk> second,
            List<Clients.Heard> heard,
            List<Clients.Heard> more)
            throws IOException {
        Map<String, Alone> alone = new LinkedHashMap<>();
        for (Map.Entry<String, Path> each : files.entrySet()) {
            alone.put(each.getKey(), new Alone(Served.read(each.getKey(), each.getValue())));
        }
        long right = IntStream.range(0, count)
                .parallel()
                .filter(i -> {
                    Clients.Talk talk = first.get(i).then(second.get(i));
                    List<String> expected =
                            Objects.requireNonNull(alone.get(talk.model())).hold(talk);
                    return expected.equals(heard.get(i).then(more.get(i)).texts());
                })
                .count();
        tell("such as", "%s", heard.getFirst().then(more.getFirst()).texts());
        tell("as the model writes alone", "%d of %d, to the letter%s", right, count, right == count ? "" : " (MISSED)");
        return right == count;
    }
}
