package dev.clew.examples.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Serves models that write, or shows what that is like: it teaches two models names of countries, serves them from a process of its own, and holds 1000
 * conversations with it, of which every letter must be what the model writes alone.
 */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves snapshots over HTTP on loopback; without any, it shows what that is like, and ends.")
public final class Serve implements Callable<Integer> {
    @Option(
            names = "--snapshot",
            paramLabel = "NAME=FILE",
            description = "a model to serve, as names --snapshot FILE writes one; may be repeated")
    private Map<String, Path> snapshots = new LinkedHashMap<>();

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "port on loopback, 0 for any; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--states", defaultValue = "2048", description = "states that are kept; default: ${DEFAULT-VALUE}")
    private int states;

    @Option(names = "--bytes", defaultValue = "16777216", description = "what they may take; default: ${DEFAULT-VALUE}")
    private long bytes;

    @Option(
            names = "--conversations",
            defaultValue = "1000",
            description = "without snapshots; default: ${DEFAULT-VALUE}")
    private int conversations;

    @Option(
            names = "--at-once",
            defaultValue = "64",
            description = "requests under way at most, without snapshots; default: ${DEFAULT-VALUE}")
    private int atOnce;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (snapshots.isEmpty()) {
            return new Demonstration(conversations, atOnce, states, bytes).run() ? 0 : 1;
        }
        Timeline timeline = new Timeline(System.currentTimeMillis());
        CountDownLatch stopped = new CountDownLatch(1);
        Server server = ServerProcess.start(port, snapshots, new Shelf(states, bytes), timeline);
        server.awaitModels();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            stopped.countDown();
        }));
        System.out.println("http://localhost:" + server.port() + "/models/"
                + snapshots.keySet().iterator().next() + " until it is interrupted");
        stopped.await();
        return 0;
    }
}
