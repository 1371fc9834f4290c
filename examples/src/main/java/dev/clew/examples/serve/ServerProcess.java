package dev.clew.examples.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * A server as a process of its own, with nothing between the JVM's start and the first answer that the answer does not need: {@code
 * --port=0 --states=4096 --bytes=16777216 NAME=FILE...}. It says its port in a line, and stops when it is told to, or when what it reads
 * from comes to an end, as it does when the process that started it is gone.
 */
final class ServerProcess {
    /** In milliseconds. */
    private static final long PATIENCE = 2000;

    private ServerProcess() {}

    public static void main(String[] args) throws IOException {
        Timeline timeline = new Timeline(Long.getLong("clew.launched", System.currentTimeMillis()));
        timeline.mark("main");
        Map<String, Path> files = new LinkedHashMap<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (arg.startsWith("--")) {
                options.put(arg.substring(2, equals), arg.substring(equals + 1));
            } else {
                files.put(arg.substring(0, equals), Path.of(arg.substring(equals + 1)));
            }
        }
        Shelf shelf = new Shelf(
                Integer.parseInt(options.getOrDefault("states", "4096")),
                Long.parseLong(options.getOrDefault("bytes", "16777216")));
        try (Server server = start(Integer.parseInt(options.getOrDefault("port", "0")), files, shelf, timeline)) {
            System.out.println("port " + server.port());
            while (System.in.read() >= 0) {
                // Whoever started this is there.
            }
        }
    }

    /** Starts a server, and loads its models beside it; a first answer comes before all that only makes later ones quicker. */
    static Server start(int port, Map<String, Path> files, Shelf shelf, Timeline timeline) throws IOException {
        Map<String, FutureTask<Served>> models = new LinkedHashMap<>();
        files.forEach((name, file) -> models.put(name, new FutureTask<>(() -> {
            Served model = Served.read(name, file);
            timeline.mark("has read " + name);
            return model;
        })));
        Thread.ofPlatform().daemon().name("models").start(() -> load(models.values(), timeline));
        return Server.start(port, models, shelf, timeline);
    }

    private static void load(Collection<FutureTask<Served>> models, Timeline timeline) {
        models.forEach(FutureTask::run);
        try {
            timeline.await(Server.ANSWERED, PATIENCE);
            for (FutureTask<Served> each : models) {
                if (each.state() == Future.State.SUCCESS) {
                    each.resultNow().step().compile();
                }
            }
            timeline.mark("has all plans");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
