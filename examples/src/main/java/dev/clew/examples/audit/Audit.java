package dev.clew.examples.audit;

import dev.clew.audit.AuditReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Which line of a gradient that was written by hand, in whatever language, is wrong? Its numbers come as files; the forward pass is one
 * that has a name here. Without files, the gradients of notebooks and tutorials are audited.
 */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "Names the wrong line of a gradient written by hand, from files of its numbers; without files, those of"
                        + " notebooks and tutorials.")
public final class Audit implements Callable<Integer> {
    private final Auditor auditor;

    @Option(names = "--model", description = "the cell: ${COMPLETION-CANDIDATES}")
    private @Nullable Cell cell;

    @Option(names = "--loss", description = "${COMPLETION-CANDIDATES}")
    private Objective.@Nullable Kind loss;

    @Option(names = "--half", description = "a squared error is ½(y − t)²")
    private boolean half;

    @Option(
            names = "--reduce",
            description =
                    "${COMPLETION-CANDIDATES} over batch and steps, and the outputs of squared and binary; default: sum")
    private @Nullable Reduction reduction;

    @Option(
            names = "--mean-over",
            split = ",",
            description = "over some of ${COMPLETION-CANDIDATES} the loss is a mean, over the others a sum")
    private Objective.Mean @Nullable [] means;

    @Option(
            names = "--loss-at",
            defaultValue = "every",
            description = "a loss at ${COMPLETION-CANDIDATES} step; default: ${DEFAULT-VALUE}")
    private Place place = Place.EVERY;

    @Option(
            names = "--orientation",
            defaultValue = "column",
            description =
                    "column: W·x with W (units, inputs); row: x·W with W (inputs, units); default: ${DEFAULT-VALUE}")
    private Orientation orientation = Orientation.COLUMN;

    @Option(
            names = "--axes",
            defaultValue = "tbf",
            description = "the order of time, batch and features in arrays of steps; default: ${DEFAULT-VALUE}")
    private String axes = "tbf";

    @Option(names = "--gates", description = "the order of gates in stacked matrices; default: ifgo, rzn")
    private @Nullable String gates;

    @Option(names = "--input-first", description = "matrices over both are over [x; h], not [h; x]")
    private boolean inputFirst;

    @Option(names = "--update-new", description = "a GRU's h' is (1 − z)∘h + z∘n, not (1 − z)∘n + z∘h")
    private boolean updateNew;

    @Option(
            names = "--mask",
            defaultValue = "both",
            description =
                    "where the mask is 0, the state stays, the loss does not count, or both: ${COMPLETION-CANDIDATES};"
                            + " default: ${DEFAULT-VALUE}")
    private Description.MaskUse mask = Description.MaskUse.BOTH;

    @Option(
            names = "--symbols",
            description = "inputs are symbols, of which there are so many; default: if they are integers")
    private @Nullable Integer symbols;

    @Option(names = "--names", split = ",", paramLabel = "ROLE=NAME", description = "what your arrays are called")
    private Map<String, String> names = new LinkedHashMap<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "all arrays: weights NAME, gradients dNAME, data, adjoints dh")
    private @Nullable Path all;

    @Option(names = "--weights", paramLabel = "FILE", description = ".npz, .safetensors or .json")
    private @Nullable Path weights;

    @Option(names = "--gradients", paramLabel = "FILE", description = "by the names of the weights, or dNAME")
    private @Nullable Path gradients;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "x (steps, inputs) or (steps, batch, inputs), or integers without inputs; targets; h0, c0; mask or lengths")
    private @Nullable Path data;

    @Option(names = "--adjoints", paramLabel = "FILE", description = "dh, dc, ... of every step: ∂L/∂h_t")
    private @Nullable Path adjoints;

    @Option(names = "--activations", paramLabel = "FILE", description = "h, c, y, ... of every step, and loss")
    private @Nullable Path activations;

    @Option(
            names = "--second-gradients",
            paramLabel = "FILE",
            description = "of a second call: what was not reset shows there")
    private @Nullable Path second;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description =
                    "writes the report as a page; if no files are audited, it is a folder for a page each and an index")
    private @Nullable Path html;

    @Option(names = "--full", description = "if no files are audited: the whole report of each")
    private boolean full;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the report for programs")
    private @Nullable Path json;

    /** For picocli. */
    public Audit() {
        this(Auditor::ofGradients);
    }

    Audit(Auditor auditor) {
        this.auditor = auditor;
    }

    /** Where the loss is. */
    private enum Place {
        EVERY,
        LAST;

        @Override
        public String toString() {
            return this == EVERY ? "every" : "last";
        }
    }

    /** What becomes of many losses. */
    private enum Reduction {
        SUM,
        MEAN;

        @Override
        public String toString() {
            return this == SUM ? "sum" : "mean";
        }
    }

    @Override
    public Integer call() {
        CaseFiles.Paths paths = new CaseFiles.Paths(
                Optional.ofNullable(all),
                Optional.ofNullable(weights),
                Optional.ofNullable(gradients),
                Optional.ofNullable(data),
                Optional.ofNullable(adjoints),
                Optional.ofNullable(activations),
                Optional.ofNullable(second));
        boolean isOfFiles = cell != null || loss != null || !paths.equals(CaseFiles.Paths.NONE);
        return isOfFiles ? ofFiles(paths) : ofTutorials();
    }

    /** The notebooks and tutorials: what is audited if no file is named. */
    private int ofTutorials() {
        if (json != null) {
            throw new IllegalArgumentException("--json is for the audit of files. " + needs());
        }
        TutorialAudits audits = TutorialAudits.ofAll();
        System.out.println(audits.text(full));
        if (html != null) {
            try {
                audits.write(html);
            } catch (IOException error) {
                throw new UncheckedIOException(error.getMessage(), error);
            }
        }
        return audits.areAsExpected() ? 0 : 1;
    }

    private static String needs() {
        return "It needs --model, --loss, and --weights, --gradients and --data, or --file for all arrays in one file;"
                + " --help tells of the others";
    }

    private int ofFiles(CaseFiles.Paths paths) {
        if (cell == null || loss == null) {
            throw new IllegalArgumentException((cell == null ? "--model" : "--loss") + " is not there. " + needs());
        }
        Description model = description(cell, loss);
        try {
            AuditReport report = auditor.report(Case.of(model, CaseFiles.read(paths)));
            System.out.println(report);
            write(report);
            return report.isRight() ? 0 : 1;
        } catch (IOException error) {
            throw new UncheckedIOException(error.getMessage(), error);
        }
    }

    private Description description(Cell chosen, Objective.Kind kind) {
        return new Description(
                chosen,
                new Objective(kind, half, means(kind), place == Place.LAST),
                orientation,
                new Axes(axes),
                Objects.requireNonNullElse(gates, chosen.gates()),
                !inputFirst,
                updateNew,
                mask,
                symbols == null ? OptionalInt.empty() : OptionalInt.of(symbols),
                names);
    }

    private Set<Objective.Mean> means(Objective.Kind kind) {
        if (means != null) {
            if (reduction != null) {
                throw new IllegalArgumentException("--reduce=" + reduction + " --mean-over="
                        + String.join(
                                ",", Arrays.stream(means).map(Object::toString).toList())
                        + ": the second says it all; leave out --reduce");
            }
            return Set.copyOf(List.of(means));
        }
        if (reduction != Reduction.MEAN) {
            return Set.of();
        }
        return kind == Objective.Kind.SOFTMAX
                ? EnumSet.of(Objective.Mean.BATCH, Objective.Mean.STEPS)
                : EnumSet.allOf(Objective.Mean.class);
    }

    private void write(AuditReport report) throws IOException {
        if (html != null) {
            Files.writeString(html, ReportText.html(report, title()));
        }
        if (json != null) {
            Files.writeString(json, ReportText.json(report));
        }
    }

    private String title() {
        Path named = gradients == null ? all : gradients;
        return "Audit of " + (named == null ? "a gradient" : named.getFileName());
    }
}
