package dev.clew.examples.benchmark;

import com.google.common.base.Splitter;
import dev.clew.examples.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From the launch of a Java process to the end of its first training step, and the most memory that it had: processes of all
 * engines in turn, without JVM flags for heap or compiler.
 */
@Command(
        name = "cold-start",
        mixinStandardHelpOptions = true,
        description = "Times processes from their launch to the first training step.")
public final class ColdStart implements Callable<Integer> {
    private final List<Launch> launches;

    @Option(names = "--runs", description = "of every engine; default: ${DEFAULT-VALUE}", defaultValue = "11")
    private int runs;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    private ColdStart(List<Launch> launches) {
        this.launches = launches;
    }

    /** A process to start: its name in the table, options for the JVM, the main class and its arguments. */
    public record Launch(String name, List<String> jvm, Class<?> main, List<String> arguments) {}

    /** How this project is started: as it is, and with the module that makes it fast. */
    public static List<Launch> clew() {
        return List.of(
                new Launch("clew", List.of(), FirstStep.class, List.of()),
                new Launch(
                        "clew, with vectors",
                        List.of("--add-modules=jdk.incubator.vector"),
                        FirstStep.class,
                        List.of()));
    }

    /** This project alone. */
    public static void main(String[] args) {
        run(clew(), args);
    }

    /** Several processes, in turn. */
    public static void run(List<Launch> launches, String... args) {
        Choice.run(new ColdStart(launches), args);
    }

    /** What a process came to. */
    private record Run(double milliseconds, double megabytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<Launch, List<Run>> all = new LinkedHashMap<>();
        launches.forEach(launch -> all.put(launch, new ArrayList<>()));
        try (Progress progress = new Progress("cold start", (runs + 1) * launches.size())) {
            for (int run = 0; run <= runs; run++) {
                for (Map.Entry<Launch, List<Run>> entry : all.entrySet()) {
                    Run one = run(entry.getKey());
                    if (run > 0) { // The first brings files into the memory of the system, and unpacks native code.
                        entry.getValue().add(one);
                    }
                    progress.step(() -> entry.getKey().name());
                }
            }
        }
        Table table = new Table("engine", "from launch to first step", "median ms", "least", "most", "peak MB", "runs");
        all.forEach((launch, found) -> table.row(
                launch.name(),
                "A",
                rounded(found, Run::milliseconds, 0.5),
                rounded(found, Run::milliseconds, 0),
                rounded(found, Run::milliseconds, 1),
                rounded(found, Run::megabytes, 0.5),
                Integer.toString(found.size())));
        System.out.println(markdown ? table.markdown() : table.text());
        return 0;
    }

    private static Run run(Launch launch) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launch.jvm());
        command.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                launch.main().getName()));
        command.addAll(launch.arguments());
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line;
        double milliseconds;
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            line = said.readLine();
            milliseconds = (System.nanoTime() - start) / 1e6;
        }
        if (process.waitFor() != 0 || line == null) {
            throw new IllegalStateException("the process ended with " + process.exitValue() + " and said '" + line
                    + "'; start it by hand: " + String.join(" ", command));
        }
        double kilobytes = Double.parseDouble(Splitter.on(' ').splitToList(line).getLast());
        return new Run(milliseconds, kilobytes / 1024);
    }

    private static String rounded(List<Run> runs, ToDoubleFunction<Run> figure, double quantile) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        return String.format(Locale.ROOT, "%.0f", sorted[(int) Math.round(quantile * (sorted.length - 1))]);
    }
}
