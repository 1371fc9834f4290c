package dev.clew.examples;

import com.google.common.math.Quantiles;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.examples.recurrence.Family;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The recurrences of the last years at one task: registers. A step writes a bit to one of a few registers, or asks for the bit that was
 * written there last; to answer is to remember what was written, and to forget what was written before it. No sequence is seen twice, so
 * the accuracy of the last steps is that on new ones.
 *
 * <p>The loss is the binary cross-entropy of the answers, in nats; who guesses has ln 2 = 0.693, and is right half of the time.
 */
final class Recurrences {
    private static final int REGISTERS = 3;
    private static final int INPUTS = REGISTERS + 2;
    private static final int HIDDEN = 16;
    private static final int TIME = 12;
    private static final int BATCH = 32;
    /** Over so many steps the table has means. */
    private static final int LAST = 50;

    /** Those that have no gate: their state fades at a pace that no input changes, or is bent by the same weights at every step. */
    private static final Set<Family> UNGATED =
            EnumSet.of(Family.LRU, Family.LEAKY_INTEGRATE_AND_FIRE, Family.EQUILIBRIUM);

    private Recurrences() {}

    /** A cell, and a readout that sees the question too, and may so choose from what the cell gives. */
    record Model(Cell<?> cell, Linear hidden, Linear head) {
        static Model create(Family family, int units, RandomKey key) {
            return new Model(
                    family.create(INPUTS, units, DType.F32, key.fold(0)),
                    linear(units + INPUTS, HIDDEN, key.fold(1)),
                    linear(HIDDEN, 1, key.fold(2)));
        }

        private static Linear linear(int inputs, int outputs, RandomKey key) {
            return Linear.create(inputs, outputs, DType.F32, Initializer.inverseSquareRoot(inputs), key);
        }

        /** Shapes: x (batch, time, inputs) → (batch, time). */
        Tensor scores(Tensor x) {
            Tensor seen = Tensor.concat(-1, List.of(Run.of(cell, x).outputs(), x));
            return head.of(hidden.of(seen).tanh()).squeeze(-1);
        }
    }

    /**
     * Sequences that begin with a bit for every register.
     *
     * @param x which register, 1 and −1 for the bit that is written, 1 for a question: (batch, time, inputs), f32
     * @param bits what is in the register after the step, 0 or 1: (batch, time), f32
     */
    record Registers(NDArray x, NDArray bits) {
        static Registers draw(RandomKey key, int batch) {
            int[] registers = numbers(key.fold(0), REGISTERS, batch);
            int[] written = numbers(key.fold(1), 2, batch);
            int[] asked = numbers(key.fold(2), 2, batch);
            float[] x = new float[batch * TIME * INPUTS];
            float[] bits = new float[batch * TIME];
            for (int row = 0; row < batch; row++) {
                float[] held = new float[REGISTERS];
                for (int t = 0; t < TIME; t++) {
                    int at = row * TIME + t;
                    int register = t < REGISTERS ? t : registers[at];
                    boolean isQuestion = t >= REGISTERS && asked[at] == 1;
                    held[register] = isQuestion ? held[register] : written[at];
                    x[at * INPUTS + register] = 1;
                    x[at * INPUTS + REGISTERS] = isQuestion ? 0 : 2 * written[at] - 1;
                    x[at * INPUTS + REGISTERS + 1] = isQuestion ? 1 : 0;
                    bits[at] = held[register];
                }
            }
            return new Registers(NDArray.of(Shape.of(batch, TIME, INPUTS), x), NDArray.of(Shape.of(batch, TIME), bits));
        }

        private static int[] numbers(RandomKey key, int most, int batch) {
            return key.uniform(0, most, DType.F64, Shape.of(batch, TIME))
                    .cast(DType.I32)
                    .toInts();
        }
    }

    /**
     * What a family came to.
     *
     * @param steps of training: until of the answers of the last 50 steps 99.9 % are right, if they ever are
     * @param loss the mean of the last steps, in nats an answer
     * @param accuracy the share of right answers in the last steps
     * @param milliseconds of a step, the median of the last steps
     */
    record Row(
            Family family,
            int parameters,
            int steps,
            double firstLoss,
            double loss,
            double accuracy,
            double milliseconds) {
        static final String HEAD = "family                   parameters  steps     loss, nats       right   ms a step";

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-24s %10d %6d   %.3f -> %.4f %7.1f %% %9.2f",
                    family.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    parameters,
                    steps,
                    firstLoss,
                    loss,
                    100 * accuracy,
                    milliseconds);
        }
    }

    /** Trains every family. What it is to show: those with gates learn to forget what is replaced, and so nearly all; those without do not. */
    static Report run(String name, Options options) {
        return run(name, EnumSet.allOf(Family.class), options);
    }

    static Report run(String name, Set<Family> families, Options options) {
        StringJoiner text = new StringJoiner(System.lineSeparator());
        text.add(Row.HEAD);
        boolean isReached = true;
        try (Progress progress = new Progress(name, families.size())) {
            for (Family family : families) {
                Row row = train(family, options);
                text.add(row.line());
                progress.step(row::line);
                isReached &= UNGATED.contains(family) == row.accuracy < 0.9;
            }
        }
        return new Report(text.toString(), isReached);
    }

    static Row train(Family family, Options options) {
        RandomKey key = RandomKey.of(options.seed().orElse(1));
        Model model = Model.create(family, options.units().orElse(12), key);
        Step step = Step.of(model, options.rate().orElse(0.02));
        List<Measured> steps = new ArrayList<>();
        while (steps.size() < options.epochs().orElse(500) && !isLearnt(steps)) {
            steps.add(step.on(Registers.draw(key.fold(100 + steps.size()), BATCH)));
        }
        int parameters = Parameters.named(model).values().stream()
                .mapToInt(each -> each.shape().elements())
                .sum();
        return new Row(
                family,
                parameters,
                steps.size(),
                steps.getFirst().loss,
                last(steps, Measured::loss),
                last(steps, Measured::accuracy),
                Quantiles.median()
                        .compute(last(steps).mapToDouble(Measured::milliseconds).toArray()));
    }

    /** A step of training, compiled once. */
    private record Step(Plan plan, Tensor x, Tensor bits) {
        static Step of(Model model, double rate) {
            Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
            Tensor bits = Tensor.input("bits", DType.F32, BATCH, TIME);
            Tensor scores = model.scores(x);
            Tensor asked = x.get(2, INPUTS - 1);
            Tensor right = scores.greaterThan(0).equalTo(bits.greaterThan(0)).cast(DType.F32);
            Tensor losses = Losses.binaryCrossEntropyWithLogits(scores, bits, Reduce.NONE);
            Adam adam = Adam.of(model, rate).withClip(Clip.globalNorm(1));
            return new Step(adam.compile(mean(losses, asked), mean(right, asked)), x, bits);
        }

        /** The mean over the steps that ask. */
        private static Tensor mean(Tensor each, Tensor asked) {
            return each.times(asked).sum().div(asked.sum());
        }

        Measured on(Registers data) {
            long start = System.nanoTime();
            List<NDArray> found = plan.run(Map.of(x, data.x, bits, data.bits));
            double milliseconds = (System.nanoTime() - start) / 1e6;
            return new Measured(found.getFirst().item(), found.getLast().item(), milliseconds);
        }
    }

    private record Measured(double loss, double accuracy, double milliseconds) {}

    private static boolean isLearnt(List<Measured> steps) {
        return steps.size() >= LAST && last(steps, Measured::accuracy) > 0.999;
    }

    private static double last(List<Measured> steps, ToDoubleFunction<Measured> number) {
        return last(steps).mapToDouble(number).average().orElseThrow();
    }

    private static Stream<Measured> last(List<Measured> steps) {
        return steps.subList(Math.max(0, steps.size() - LAST), steps.size()).stream();
    }
}
