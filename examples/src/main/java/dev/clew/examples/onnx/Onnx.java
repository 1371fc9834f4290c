package dev.clew.examples.onnx;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.examples.SurpriseCell;
import dev.clew.gradient.Gradients;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.dataset.Surnames;
import dev.clew.nn.onnx.OnnxModel;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.training.EpochReport;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Models that were trained here run elsewhere: a character LSTM, and a cell that no library has, written as ONNX and computed by
 * onnxruntime.
 *
 * <p>The LSTM is written twice: over whole names, where it is one operator, and as one step, with which onnxruntime invents names. It draws
 * with the keys of Clew, so both must write the same; logits differ in their last digits, and a draw would have to fall between the two. The
 * cell is written step by step, in f64, with a gradient: that is a formula too.
 */
@Command(
        name = "onnx",
        mixinStandardHelpOptions = true,
        description = "Writes a character LSTM and a cell of its own as ONNX, and runs both in onnxruntime.")
public final class Onnx implements Callable<Integer> {
    private static final int BATCH = 64;
    private static final int TIME = 20;
    private static final int INPUTS = 3;
    private static final double SAME_SINGLE = 1e-6;
    private static final double SAME_DOUBLE = 1e-12;

    @Option(names = "--locale", defaultValue = "de", description = "whose surnames; default: ${DEFAULT-VALUE}")
    private String locale = "";

    @Option(names = "--units", defaultValue = "32", description = "units of both cells; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--epochs", defaultValue = "8", description = "passes over the names; default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--count", defaultValue = "20", description = "names to invent; default: ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--seed", defaultValue = "1", description = "seed of weights and draws; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "keeps the files there; default: none is kept")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException {
        if (units < 1 || epochs < 1 || count < 1) {
            throw new IllegalArgumentException(
                    "--units=" + units + " --epochs=" + epochs + " --count=" + count + ": each is 1 or more");
        }
        if (folder != null) {
            return compared(Files.createDirectories(folder));
        }
        Path own = Files.createTempDirectory("clew-onnx");
        try {
            return compared(own);
        } finally {
            MoreFiles.deleteRecursively(own, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private List<String> names() {
        List<String> names = Surnames.byLocale().get(locale);
        if (names == null) {
            throw new IllegalArgumentException("--locale=" + locale + ": there are surnames for "
                    + String.join(" ", Surnames.byLocale().keySet()));
        }
        return names;
    }

    private int compared(Path to) throws IOException {
        RandomKey key = RandomKey.of(seed);
        List<String> names = names();
        Vocabulary letters = Vocabulary.ofCharacters(names, Vocabulary.Token.START, Vocabulary.Token.END);
        Sequences learnt = Sequences.ofSymbols(
                        names.stream().map(letters::encodeWhole).toList())
                .toNext()
                .withLengths(1);
        Letters model = Letters.create(letters.size(), units, key.fold(0));
        trained(model, learnt);
        System.out.println(Twin.HEAD);
        boolean areSame = areNamesSame(model, learnt, to.resolve("names.onnx"));
        Path step = to.resolve("step.onnx");
        areSame &= isStepSame(model, step, key.fold(1));
        areSame &= isCellSame(to.resolve("cell.onnx"), key.fold(2));
        try (RuntimeSession session = RuntimeSession.open(step)) {
            areSame &= isTextSame(new Writers(letters, model, session, count, key.fold(3)), session.version());
        }
        System.out.println(areSame ? "" : "(MISSED)");
        return areSame ? 0 : 1;
    }

    private void trained(Letters model, Sequences learnt) {
        long steps = learnt.batches(BATCH).steps(epochs);
        List<EpochReport> reports = new ArrayList<>();
        Trainer.of(
                        model,
                        Adam.of(model, Schedule.oneCycle(steps, 0.02)).withClip(Clip.globalNorm(1)),
                        learnt.batches(BATCH),
                        model::loss)
                .epochs(epochs)
                .seed(seed)
                .onPlans()
                .afterEpoch(reports::add)
                .start()
                .bestOrThrow();
        System.out.printf(
                Locale.ROOT,
                "%d names of %s, %d letters; nats for one: %.3f -> %.3f%n",
                learnt.size(),
                locale,
                model.head().bias().shape().elements(),
                reports.getFirst().loss(),
                reports.getLast().loss());
    }

    private static boolean areNamesSame(Letters model, Sequences learnt, Path file) throws IOException {
        Sequences.Batch batch =
                learnt.batch(IntStream.range(0, Math.min(BATCH, learnt.size())).toArray());
        NDArray x = batch.x().value();
        OnnxModel whole = model.ofNames(x.shape().length(0), x.shape().length(1));
        return isSame(
                Twin.written("names at once, an LSTM operator, f32", whole, file),
                Map.of("letters", x, "lengths", batch.lengths().value()),
                SAME_SINGLE);
    }

    private boolean isStepSame(Letters model, Path file, RandomKey key) throws IOException {
        Shape state = Shape.of(1, units);
        return isSame(
                Twin.written("a letter at a time, f32", model.ofOneStep(), file),
                Map.of(
                        "letter", NDArray.of(new int[] {2}),
                        "h", key.fold(0).uniform(-1, 1, DType.F32, state),
                        "c", key.fold(1).normal(0, 1, DType.F32, state)),
                SAME_SINGLE);
    }

    private boolean isCellSame(Path file, RandomKey key) throws IOException {
        Tensor x = Tensor.input("x", DType.F64, 2, TIME, INPUTS);
        SurpriseCell cell = SurpriseCell.create(INPUTS, units, DType.F64, key.fold(0));
        Run<SurpriseCell.State> run = Run.of(cell, x);
        Tensor gradient = Gradients.of(run.lastOutputs().square().sum()).wrt(x);
        OnnxModel model = OnnxModel.of(ImmutableMap.of(
                        "outputs", run.outputs(), "fast state", run.last().h(), "gradient", gradient))
                .withParameters(cell);
        return isSame(
                Twin.written("a cell of its own and a gradient, f64", model, file),
                Map.of("x", key.fold(1).normal(0, 1, DType.F64, x.shape())),
                SAME_DOUBLE);
    }

    private static boolean isSame(Twin twin, Map<String, NDArray> inputs, double most) throws IOException {
        double difference = twin.difference(inputs);
        System.out.println(twin.line(difference));
        return difference <= most;
    }

    private static boolean isTextSame(Writers writers, String version) {
        List<String> here = writers.clew();
        List<String> there = writers.runtime();
        boolean areSame = here.equals(there);
        Writers.Times times = writers.times();
        System.out.printf(
                Locale.ROOT,
                "%d names written by Clew: %s%nby onnxruntime %s: %s%n"
                        + "a step: %.0f us in Clew, %.0f us in onnxruntime (%.2f times as long)%n",
                here.size(),
                String.join(", ", here),
                version,
                areSame ? "the same" : String.join(", ", there),
                times.clew(),
                times.runtime(),
                times.runtime() / times.clew());
        return areSame;
    }
}
