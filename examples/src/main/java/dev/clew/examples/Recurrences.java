package dev.clew.examples;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    private static final int TIME = 16;
    private static final int BATCH = 32;
    /** The share of the steps over which the table has means. */
    private static final int LAST = 10;

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
     * @param loss the mean of the last steps, in nats an answer
     * @param accuracy the share of right answers in the last steps
     * @param milliseconds of a step, the median of the last steps
     */
    record Row(Family family, int parameters, double firstLoss, double loss, double accuracy, double milliseconds) {
        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-24s %10d   %.3f -> %.4f %9.1f %% %8.2f",
                    family.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    parameters,
                    firstLoss,
                    loss,
                    100 * accuracy,
                    milliseconds);
        }
    }

    static Report run(String name, Options options) {
        int steps = options.epochs().orElse(400);
        List<Row> rows = new ArrayList<>();
        try (Progress progress = new Progress(name, Family.values().length)) {
            for (Family family : Family.values()) {
                Row row = train(family, steps, options);
                rows.add(row);
                progress.step(row::line);
            }
        }
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row.line()).append(System.lineSeparator()));
        return new Report(text.toString(), true);
    }

    static Row train(Family family, int steps, Options options) {
        RandomKey key = RandomKey.of(options.seed().orElse(1));
        Model model = Model.create(family, options.units().orElse(12), key);
        Tensor x = Tensor.input("x", DType.F32, BATCH, TIME, INPUTS);
        Tensor bits = Tensor.input("bits", DType.F32, BATCH, TIME);
        Tensor asked = x.get(2, INPUTS - 1);
        Tensor scores = model.scores(x);
        Tensor loss = Losses.binaryCrossEntropyWithLogits(scores, bits, Reduce.NONE)
                .times(asked)
                .sum()
                .div(asked.sum());
        Tensor right = scores.greaterThan(0).equalTo(bits.greaterThan(0)).cast(DType.F32);
        Plan plan = Adam.of(model, options.rate().orElse(0.01))
                .withClip(Clip.globalNorm(1))
                .compile(loss, right.times(asked).sum().div(asked.sum()));
        double[][] each = new double[steps][];
        for (int step = 0; step < steps; step++) {
            Registers data = Registers.draw(key.fold(100 + step), BATCH);
            long start = System.nanoTime();
            List<NDArray> found = plan.run(Map.of(x, data.x, bits, data.bits));
            each[step] = new double[] {
                found.getFirst().item(), found.get(1).item(), (System.nanoTime() - start) / 1e6
            };
        }
        int parameters = Parameters.named(model).values().stream()
                .mapToInt(one -> one.shape().elements())
                .sum();
        return new Row(family, parameters, each[0][0], mean(each, 0), mean(each, 1), mean(each, 2));
    }

    private static double mean(double[][] each, int column) {
        int last = Math.max(1, each.length / LAST);
        double sum = 0;
        for (int i = each.length - last; i < each.length; i++) {
            sum += each[i][column];
        }
        return sum / last;
    }
}
