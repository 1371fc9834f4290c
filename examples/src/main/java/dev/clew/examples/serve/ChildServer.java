package dev.clew.examples.serve;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/** A server in a JVM of its own, and how long its first answer took. */
final class ChildServer implements AutoCloseable {
    private static final int SECONDS_TO_STOP = 60;

    private final Process process;
    private final int port;
    private final double firstAnswer;

    private ChildServer(Process process, int port, double firstAnswer) {
        this.process = process;
        this.port = port;
        this.firstAnswer = firstAnswer;
    }

    /**
     * How one is started.
     *
     * @param folder for the archive of its classes, and what it complains of
     * @param models files by name
     */
    record Launch(Path folder, String classPath, Map<String, Path> models, List<String> options) {}

    /** Starts one, and asks its first model for a letter at once. */
    static ChildServer start(Launch launch) throws IOException {
        Path errors = launch.folder.resolve("errors");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command(launch))
                .redirectError(errors.toFile())
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException("the server has not started: " + Files.readString(errors));
        }
        int port = Integer.parseInt(line.substring("port ".length()));
        ask(port, launch.models.keySet().iterator().next());
        return new ChildServer(process, port, (System.nanoTime() - start) / 1e9);
    }

    /** The archive of classes is made where there is none, and read where there is one. */
    private static List<String> command(Launch launch) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + launch.folder.resolve("classes.jsa"),
                "-Dclew.launched=" + System.currentTimeMillis(),
                "-cp",
                launch.classPath,
                ServerProcess.class.getName()));
        command.addAll(launch.options);
        launch.models.forEach((name, file) -> command.add(name + "=" + file));
        return command;
    }

    /** By a plain socket, so that no client of this JVM has to be warm. */
    private static void ask(int port, String model) throws IOException {
        String body = "{\"letters\": 1}";
        String request =
                "POST /models/" + model + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("the first answer is " + answer);
            }
        }
    }

    /** The class path of this JVM for another one, with its folders as jars, since only classes of jars are archived. */
    static String classPath(Path folder) {
        List<String> parts = new ArrayList<>();
        for (String part : Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
            Path jar = folder.resolve("part" + parts.size() + ".jar");
            boolean isJarred = Files.isDirectory(Path.of(part)) && jar(part, jar);
            parts.add(isJarred ? jar.toString() : Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, parts);
    }

    private static boolean jar(String part, Path jar) {
        Optional<ToolProvider> tool = ToolProvider.findFirst("jar");
        return tool.isPresent()
                && tool.get()
                                .run(
                                        System.out,
                                        System.err,
                                        "--create",
                                        "--no-compress",
                                        "--file",
                                        jar.toString(),
                                        "-C",
                                        part,
                                        ".")
                        == 0;
    }

    int port() {
        return port;
    }

    /** Seconds from the start of the JVM until the first answer was here. */
    double firstAnswer() {
        return firstAnswer;
    }

    /** Of all threads, the JVM's own too. */
    Optional<Duration> processorTime() {
        return process.info().totalCpuDuration();
    }

    /** All memory of the process that is in use, in bytes, where Linux says it. */
    Optional<Long> residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    /** Ends what it reads, so that it stops by itself. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
