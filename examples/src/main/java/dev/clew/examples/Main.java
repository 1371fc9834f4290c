package dev.clew.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains the examples, one after the other in reading order, or one by name. */
@Command(
        name = "examples",
        mixinStandardHelpOptions = true,
        description = "Trains recurrent networks and compares every gradient with the one written by hand.",
        subcommands = DelayedBits.class)
public final class Main implements Callable<Integer> {
    /** All examples, in reading order. */
    static final Map<String, Example> EXAMPLES = table();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "one of: ${COMPLETION-CANDIDATES}; default: all",
            completionCandidates = Names.class)
    private String example = "";

    @Option(names = "--units", description = "units of the hidden state")
    private @Nullable Integer units;

    @Option(names = "--epochs", description = "passes over the data")
    private @Nullable Integer epochs;

    @Option(names = "--rate", description = "learning rate")
    private @Nullable Double rate;

    @Option(names = "--seed", description = "seed of the initial weights")
    private @Nullable Long seed;

    private static Map<String, Example> table() {
        Map<String, Example> table = new LinkedHashMap<>();
        table.put("alphabet", Alphabet::run);
        table.put("hello", Hello::run);
        table.put("squared-error", SquaredError::run);
        table.put("counting", Counting::linear);
        table.put("counting-sigmoid", Counting::sigmoid);
        table.put("multi-label", MultiLabel::run);
        return table;
    }

    /** Whether to tell a log how long every example took, where no bar shows it. */
    private final boolean tellsTimes;

    private Main(boolean tellsTimes) {
        this.tellsTimes = tellsTimes;
    }

    /** The exit status is 0 if every outcome is reached, 1 if one is missed, 2 if the arguments are wrong. */
    public static void main(String[] args) {
        System.exit(execute(!Progress.isSeen(), args));
    }

    /**
     * Maven hands over its two properties as one argument each, {@code --example=NAME} and {@code --arguments=...}; the
     * second is split at blanks.
     */
    static int run(String... args) {
        return execute(false, args);
    }

    private static int execute(boolean tellsTimes, String... args) {
        List<String> split = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("--example=")) {
                split.add(arg.substring("--example=".length()));
            } else if (arg.startsWith("--arguments=")) {
                split.addAll(List.of(arg.substring("--arguments=".length()).split("\\s+")));
            } else {
                split.add(arg);
            }
        }
        split.removeIf(String::isBlank);
        return new CommandLine(new Main(tellsTimes))
                .setExecutionExceptionHandler((wrong, line, parsed) -> {
                    if (wrong instanceof IllegalArgumentException || wrong instanceof ArithmeticException) {
                        line.getErr().println(wrong.getMessage());
                        return wrong instanceof ArithmeticException
                                ? line.getCommandSpec().exitCodeOnExecutionException()
                                : line.getCommandSpec().exitCodeOnInvalidInput();
                    }
                    throw wrong;
                })
                .execute(split.toArray(new String[0]));
    }

    @Override
    public Integer call() {
        Options options = Options.of(units, epochs, rate, seed);
        boolean allReached = true;
        for (Map.Entry<String, Example> entry : chosen(options).entrySet()) {
            long start = System.nanoTime();
            Outcome outcome = entry.getValue().run(entry.getKey(), options);
            System.out.println(outcome.line(entry.getKey()));
            if (tellsTimes) {
                System.err.printf(Locale.ROOT, "%-16s %.1f s%n", entry.getKey(), (System.nanoTime() - start) / 1e9);
            }
            allReached &= outcome.reached();
        }
        return allReached ? 0 : 1;
    }

    private Map<String, Example> chosen(Options options) {
        if (example.isEmpty()) {
            if (!options.equals(Options.of(null, null, null, null))) {
                throw new IllegalArgumentException(
                        "Options are for one example: name it too, one of " + String.join(", ", EXAMPLES.keySet()));
            }
            return EXAMPLES;
        }
        Example one = EXAMPLES.get(example);
        if (one == null) {
            throw new IllegalArgumentException(
                    "There is no example '" + example + "'. The examples are: " + String.join(", ", EXAMPLES.keySet()));
        }
        return Map.of(example, one);
    }

    /** The names, for the usage text. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(EXAMPLES.keySet());
        }
    }
}
