package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What every benchmark lets one choose. */
public final class Choice {
    @Option(
            names = "--jobs",
            split = ",",
            description = "letters of the jobs, with commas between; default: ${DEFAULT-VALUE}",
            defaultValue = "A,B,C,C-merged,D,E,F")
    private List<String> jobs = List.of();

    @Option(
            names = "--engines",
            split = ",",
            description = "names of the engines; default: all that have one of the jobs")
    private List<String> engines = List.of();

    @Option(names = "--small", description = "the jobs at sizes that take a moment")
    private boolean small;

    @Option(names = "--threads", description = "of every engine; default: ${DEFAULT-VALUE}", defaultValue = "1")
    private int threads;

    @Option(names = "--markdown", description = "print tables as Markdown")
    private boolean markdown;

    List<Job> jobs() {
        return Jobs.chosen(small ? Jobs.small() : Jobs.full(), jobs);
    }

    /** Those that were chosen, made with the number of threads; the others are not even loaded. */
    List<Engine> engines(Map<String, IntFunction<Engine>> all) {
        List<Engine> found = new ArrayList<>();
        for (String name : engines.isEmpty() ? all.keySet() : engines) {
            IntFunction<Engine> each = all.get(name);
            if (each == null) {
                throw new IllegalArgumentException(
                        "there is no engine '" + name + "'; the engines are: " + String.join(", ", all.keySet()));
            }
            found.add(each.apply(threads));
        }
        List<Job> jobs = jobs();
        found.removeIf(engine -> engines.isEmpty() && jobs.stream().noneMatch(engine::has));
        return found;
    }

    String print(Table table) {
        return markdown ? table.markdown() : table.text();
    }

    /** Runs a command with the arguments that Maven hands over, and ends the process with its status. */
    static void run(Object command, String... args) {
        System.exit(new CommandLine(command)
                .setExecutionExceptionHandler((wrong, line, parsed) -> {
                    if (wrong instanceof IllegalArgumentException) {
                        line.getErr().println(wrong.getMessage());
                        return line.getCommandSpec().exitCodeOnInvalidInput();
                    }
                    throw wrong;
                })
                .execute(split(args).toArray(new String[0])));
    }

    /** What Maven hands over is {@code --example=} and {@code --arguments=...}, of which the second is split at blanks. */
    static List<String> split(String... args) {
        List<String> split = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("--arguments=")) {
                split.addAll(List.of(arg.substring("--arguments=".length()).split("\\s+")));
            } else if (!arg.startsWith("--example=")) {
                split.add(arg);
            }
        }
        split.removeIf(String::isBlank);
        return split;
    }
}
