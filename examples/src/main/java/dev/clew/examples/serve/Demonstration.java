package dev.clew.examples.serve;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Serves two models from a JVM of its own, holds many conversations with it at once, and compares every letter.
 *
 * @param count conversations
 * @param atOnce requests under way at most
 * @param states that the server keeps
 * @param bytes that they may take
 */
record Demonstration(int count, int atOnce, int states, long bytes) {
    private static final List<String> LOCALES = List.of("en", "pl");
    private static final int PARTS = 4;
    private static final double MEBIBYTE = 1 << 20;

    /** Whether every answer was right. */
    boolean run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("clew-serve");
        try {
            Map<String, Path> files = new LinkedHashMap<>();
            for (String locale : LOCALES) {
                Path file = folder.resolve(locale + ".safetensors");
                SmallModels.write(locale, file);
                files.put(locale, file);
            }
            return served(folder, files);
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private boolean served(Path folder, Map<String, Path> files) throws IOException, InterruptedException {
        String classPath = ChildServer.classPath(folder);
        List<String> arguments = new ArrayList<>(List.of("--states=" + states, "--bytes=" + bytes));
        files.forEach((name, file) -> arguments.add(name + "=" + file));
        try (ChildServer server = ChildServer.start(folder, classPath, arguments, LOCALES.getFirst())) {
            tell(server, "first answer of the first JVM", Optional.empty());
        }
        try (ChildServer server = ChildServer.start(folder, classPath, arguments, LOCALES.getFirst());
                Clients clients = new Clients(server.port(), atOnce)) {
            Optional<Duration> processor = server.processorTime();
            JsonObject start = clients.figures();
            tell(server, "with an archive of its classes", processor);
            System.out.println("  of which, in ms since the start: " + start.get("milliseconds"));
            return talked(server, clients, files);
        }
    }

    private static void tell(ChildServer server, String what, Optional<Duration> processor) {
        System.out.printf(
                Locale.ROOT,
                "%-32s %.3f s%s%n",
                what,
                server.firstAnswer().toMillis() / 1e3,
                processor
                        .map(each -> String.format(Locale.ROOT, ", %.2f s of processor time", each.toMillis() / 1e3))
                        .orElse(""));
    }

    private boolean talked(ChildServer server, Clients clients, Map<String, Path> files)
            throws IOException, InterruptedException {
        List<Clients.Talk> first = talks(0);
        List<Clients.Talk> second = talks(1);
        tellMemory("at the start", server, clients.figures());
        List<Clients.Heard> heard = clients.hold(first, List.of());
        tellMemory("after half of the requests", server, clients.figures());
        List<Clients.Heard> more = clients.hold(second, heard);
        JsonObject figures = clients.figures();
        tellMemory("after all", server, figures);
        System.out.printf(
                Locale.ROOT,
                "%d conversations with %d models, %d requests, %d at once: p50 %.1f ms, p99 %.1f ms, %.0f requests/s%n",
                count,
                files.size(),
                clients.requests(),
                atOnce,
                clients.milliseconds(0.5),
                clients.milliseconds(0.99),
                clients.requestsPerSecond());
        System.out.printf(
                Locale.ROOT,
                "%d letters read and drawn in %d runs: %.1f rows in a run%n",
                figures.get("rows").getAsLong(),
                figures.get("runs").getAsLong(),
                figures.get("rows").getAsDouble() / figures.get("runs").getAsDouble());
        return compared(files, first, second, heard, more);
    }

    /** Parts of different lengths; every third conversation begins with a letter of its own. */
    private List<Clients.Talk> talks(int half) {
        List<Clients.Talk> talks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Clients.Part> parts = new ArrayList<>();
            for (int part = 0; part < PARTS; part++) {
                boolean isBegun = half == 0 && part == 0 && i % 3 == 0;
                parts.add(new Clients.Part(isBegun ? "ABCDEFGHKLM".substring(i % 11, i % 11 + 1) : "", 6 + (i + part) % 5));
            }
            talks.add(new Clients.Talk(LOCALES.get(i % LOCALES.size()), i, parts));
        }
        return talks;
    }

    private static void tellMemory(String when, ChildServer server, JsonObject figures) {
        System.out.printf(
                Locale.ROOT,
                "%-32s heap %.1f MiB, of it %d states %.1f MiB; plans %.1f MiB%s%n",
                when,
                figures.get("heapBytes").getAsLong() / MEBIBYTE,
                figures.get("states").getAsInt(),
                figures.get("stateBytes").getAsLong() / MEBIBYTE,
                figures.get("planBytes").getAsLong() / MEBIBYTE,
                server.residentBytes()
                        .map(each -> String.format(Locale.ROOT, "; the process %.0f MiB", each / MEBIBYTE))
                        .orElse(""));
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
        int wrong = 0;
        for (int i = 0; i < count; i++) {
            Clients.Talk talk = first.get(i);
            List<Clients.Part> parts = new ArrayList<>(talk.parts());
            parts.addAll(second.get(i).parts());
            List<String> texts = new ArrayList<>(heard.get(i).texts());
            texts.addAll(more.get(i).texts());
            List<String> expected = java.util.Objects.requireNonNull(alone.get(talk.model()))
                    .hold(new Clients.Talk(talk.model(), talk.seed(), parts));
            wrong += expected.equals(texts) ? 0 : 1;
        }
        System.out.printf("such as %s%n", heard.get(0).texts());
        System.out.printf(
                "%d of %d conversations are to the letter what the model writes alone%s%n",
                count - wrong, count, wrong == 0 ? "" : " (MISSED)");
        return wrong == 0;
    }
}
