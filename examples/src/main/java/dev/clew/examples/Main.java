package dev.clew.examples;

import com.google.common.collect.ImmutableMap;
import dev.clew.examples.audit.Audit;
import dev.clew.examples.forecast.Forecast;
import dev.clew.examples.names.Names;
import dev.clew.examples.names.Origin;
import dev.clew.examples.onnx.Onnx;
import dev.clew.examples.resume.Resume;
import dev.clew.examples.serve.Serve;
import java.io.UncheckedIOException;
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

/** Trains the five networks, one after the other in reading order, or one example by name. */
@Command(
        name = "examples",
        mixinStandardHelpOptions = true,
        description = "Trains recurrent networks and compares every gradient with the one written by hand.",
        subcommands = {
            Audit.class,
            DelayedBits.class,
            Forecast.class,
            Names.class,
            Onnx.class,
            Origin.class,
            Resume.class,
            Serve.class
        })
public final class Main implements Callable<Integer> {
    /** The networks beside gradients by hand, in reading order: the main job. */
    static final Map<String, Example> EXAMPLES = table();

    /** What runs by name alone. */
    static final Map<String, Study> STUDIES = ImmutableMap.of(
            "adding", Adding::run,
            "parity", Parity::run,
            "custom-cell", CustomCell::run,
            "recurrences", Recurrences::run,
            "torch-weights", TorchLstm::run);

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "one of: ${COMPLETION-CANDIDATES}; default: those with a gradient by hand",
            completionCandidates = ExampleNames.class)
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
                    if (wrong instanceof IllegalArgumentException
                            || wrong instanceof IllegalStateException
                            || wrong instanceof ArithmeticException) {
                        line.getErr().println(wrong.getMessage());
                        return wrong instanceof IllegalArgumentException
                                ? line.getCommandSpec().exitCodeOnInvalidInput()
                                : line.getCommandSpec().exitCodeOnExecutionException();
                    }
                    if (wrong instanceof UncheckedIOException) { // A file that is not there.
                        line.getErr().println(wrong.getMessage());
                        return line.getCommandSpec().exitCodeOnInvalidInput();
                    }
                    throw wrong;
                })
                .execute(split.toArray(new String[0]));
    }

    @Override
    public Integer call() {
        Options options = Options.of(units, epochs, rate, seed);
        Study study = STUDIES.get(example);
        return study == null ? trained(options) : studied(study, options);
    }

    private int studied(Study study, Options options) {
        long start = System.nanoTime();
        Report report = study.run(example, options);
        System.out.println(report.lines(example));
        tellTime(example, start);
        return report.reached() ? 0 : 1;
    }

    private int trained(Options options) {
        boolean allReached = true;
        for (Map.Entry<String, Example> entry : chosen(options).entrySet()) {
            long start = System.nanoTime();
            Outcome outcome = entry.getValue().run(entry.getKey(), options);
            System.out.println(outcome.line(entry.getKey()));
            tellTime(entry.getKey(), start);
            allReached &= outcome.reached();
        }
        return allReached ? 0 : 1;
    }

    private void tellTime(String name, long start) {
        if (tellsTimes) {
            System.err.printf(Locale.ROOT, "%-16s %.1f s%n", name, (System.nanoTime() - start) / 1e9);
        }
    }

    private Map<String, Example> chosen(Options options) {
        if (example.isEmpty()) {
            if (!options.equals(Options.of(null, null, null, null))) {
                throw new IllegalArgumentException(
                        "Options are for one example: name it too, one of " + String.join(", ", new ExampleNames()));
            }
            return EXAMPLES;
        }
        Example one = EXAMPLES.get(example);
        if (one == null) {
            throw new IllegalArgumentException("There is no example '" + example + "'. The examples are: "
                    + String.join(", ", new ExampleNames()));
        }
        return Map.of(example, one);
    }

    /** The names, for the usage text. */
    static final class ExampleNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ExampleNames() {
            super(EXAMPLES.keySet());
            addAll(STUDIES.keySet());
        }
    }
}
