package dev.clew.nn.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Metrics over batches of different sizes against plain counts over all rows. */
class MetricsTest {
    private static final int CLASSES = 4;

    private record Batch(Tensor scores, Tensor labels) {
        Batch(NDArray scores, int... labels) {
            this(Tensor.of(scores), Tensor.of(labels));
        }

        static Batch of(double[][] scores, int... labels) {
            return new Batch(Tensor.of(scores), Tensor.of(labels));
        }
    }

    /** Scores of few values, so that some are equal; labels of which some do not count. */
    private static List<Batch> batches(long seed) {
        Random random = new Random(seed);
        List<Batch> batches = new ArrayList<>();
        for (int size : new int[] {3, 5, 3, 1}) {
            double[][] scores = new double[size][CLASSES];
            int[] labels = new int[size];
            for (int row = 0; row < size; row++) {
                labels[row] = random.nextInt(-1, CLASSES);
                for (int c = 0; c < CLASSES; c++) {
                    scores[row][c] = labels[row] < 0 && c == 0 ? Double.NaN : random.nextInt(4);
                }
            }
            batches.add(Batch.of(scores, labels));
        }
        return batches;
    }

    private static double value(Metric<Batch> metric, List<Batch> batches) {
        return Metrics.over(batches, metric).values().iterator().next();
    }

    @Property(tries = 40)
    void theLabelIsAmongTheBest(@ForAll long seed, @ForAll @IntRange(min = 1, max = CLASSES) int k) {
        List<Batch> batches = batches(seed);
        double hits = 0;
        double first = 0;
        int count = 0;
        for (Batch batch : batches) {
            int[] labels = batch.labels.value().toInts();
            double[][] scores = batch.scores.value().toRows();
            for (int row = 0; row < labels.length; row++) {
                if (labels[row] >= 0) {
                    int ahead = 0;
                    for (int c = 0; c < CLASSES; c++) {
                        double distance = scores[row][c] - scores[row][labels[row]];
                        ahead += distance > 0 || (distance == 0 && c < labels[row]) ? 1 : 0;
                    }
                    hits += ahead < k ? 1 : 0;
                    first += labels[row] == best(scores[row]) ? 1 : 0;
                    count++;
                }
            }
        }
        Map<String, Double> found = Metrics.over(
                batches,
                Metrics.topK(k, Batch::scores, Batch::labels),
                Metrics.accuracy(Batch::scores, Batch::labels),
                Metrics.confusion(Batch::scores, Batch::labels, List.of("a", "b", "c", "d")));
        assertThat(found.keySet()).containsExactly("top " + k, "accuracy", "confusion");
        assertThat(found.get("top " + k)).isEqualTo(hits / count);
        assertThat(found.get("accuracy")).isEqualTo(first / count);
        assertThat(found.get("confusion")).isEqualTo(first / count);
    }

    private static int best(double[] scores) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }

    @Test
    void aMaskSaysWhatCounts() {
        record Masked(Tensor scores, Tensor labels, Tensor mask) {}
        Masked batch = new Masked(
                Tensor.of(new double[][] {{1, 0}, {0, 1}, {Double.NaN, 1}}),
                Tensor.of(new int[] {0, 0, 7}),
                Tensor.of(new boolean[] {true, true, false}));
        assertThat(Metrics.over(List.of(batch), Metrics.accuracy(Masked::scores, Masked::labels, Masked::mask)))
                .containsExactly(Map.entry("accuracy", 0.5));
        Masked wrong = new Masked(batch.scores, batch.labels, Tensor.of(new boolean[] {true, true, true}));
        fails(
                () -> Metrics.over(List.of(wrong), Metrics.accuracy(Masked::scores, Masked::labels, Masked::mask)),
                "accuracy: label 7 in row 2: scores (3, 2) have 2 classes, so labels go from 0 to 1");
    }

    /** A mean of means would weigh the small batch as much as the large one. */
    @Test
    void lossesAreExactOverBatchesOfDifferentSizes() {
        List<Batch> batches = List.of(
                new Batch(RandomKey.of(1).normal(0, 1, DType.F32, Shape.of(7, CLASSES)), 0, 1, 2, 3, 0, 1, 2),
                new Batch(RandomKey.of(2).normal(0, 1, DType.F32, Shape.of(2, CLASSES)), 3, 3));
        CrossEntropy sum = CrossEntropy.create().withReduce(Reduce.SUM);
        Map<String, Double> found = Metrics.over(
                batches,
                Metrics.loss("nats", each -> sum.of(each.scores, each.labels), MetricsTest::rows),
                Metrics.perplexity(each -> sum.of(each.scores, each.labels), MetricsTest::rows),
                Metrics.bitsPerToken(each -> sum.of(each.scores, each.labels), MetricsTest::rows));
        double nats = 0;
        for (Batch each : batches) {
            double[] losses = CrossEntropy.create()
                    .withReduce(Reduce.NONE)
                    .of(each.scores.cast(DType.F64), each.labels)
                    .value()
                    .toDoubles();
            for (double loss : losses) {
                nats += loss / 9;
            }
        }
        assertThat(found.get("nats")).isCloseTo(nats, within(1e-6));
        assertThat(found.get("perplexity")).isCloseTo(Math.exp(nats), within(1e-5));
        assertThat(found.get("bits per token")).isCloseTo(nats / Math.log(2), within(1e-6));
    }

    private static Tensor rows(Batch batch) {
        return Tensor.of((double) batch.labels.shape().elements());
    }

    /** 2²⁴ + 1 is no number of f32. */
    @Test
    void sumsOverBatchesAreDoubles() {
        Metric<Float> metric = Metrics.loss("sum", each -> Tensor.of(each), _ -> Tensor.of(1f));
        assertThat(Metrics.over(List.of(16_777_216f, 1f), metric).get("sum")).isEqualTo(16_777_217.0 / 2);
    }

    @Test
    void allMetricsOfABatchAreOneEvaluation() {
        AtomicInteger evaluations = new AtomicInteger();
        Evaluator counting = outputs -> {
            evaluations.incrementAndGet();
            return Evaluator.plain().evaluate(outputs);
        };
        List<Batch> batches = batches(1);
        ScopedValue.where(Evaluator.SCOPED, counting)
                .run(() -> Metrics.over(
                        batches,
                        Metrics.accuracy(Batch::scores, Batch::labels),
                        Metrics.topK(2, Batch::scores, Batch::labels),
                        Metrics.macroF1(Batch::scores, Batch::labels, CLASSES)));
        assertThat(evaluations).hasValue(batches.size());
    }

    @Property(tries = 30)
    void errorsOfNumbersAreThoseOfTheFormulas(@ForAll long seed) {
        record Numbers(Tensor prediction, Tensor target, Tensor mask) {}
        List<Numbers> batches = new ArrayList<>();
        double[] all = new double[3];
        double[] counted = new double[3];
        for (int size : new int[] {4, 2}) {
            RandomKey key = RandomKey.of(seed).fold(size);
            double[] x = key.fold(0).normal(0, 1, DType.F64, Shape.of(size)).toDoubles();
            double[] y = key.fold(1).normal(0, 1, DType.F64, Shape.of(size)).toDoubles();
            boolean[] mask = key.fold(2).bernoulli(0.5, Shape.of(size)).toBooleans();
            mask[0] = true;
            for (int i = 0; i < size; i++) {
                for (double[] sums : mask[i] ? List.of(all, counted) : List.of(all)) {
                    sums[0] += Math.abs(x[i] - y[i]);
                    sums[1] += (x[i] - y[i]) * (x[i] - y[i]);
                    sums[2]++;
                }
            }
            batches.add(new Numbers(Tensor.of(x), Tensor.of(y), Tensor.of(mask)));
        }
        Map<String, Double> found = Metrics.over(
                batches,
                Metrics.meanAbsoluteError(Numbers::prediction, Numbers::target),
                Metrics.rootMeanSquaredError(Numbers::prediction, Numbers::target));
        assertThat(found.get("mean absolute error")).isCloseTo(all[0] / all[2], within(1e-14));
        assertThat(found.get("root mean squared error")).isCloseTo(Math.sqrt(all[1] / all[2]), within(1e-14));
        Map<String, Double> part = Metrics.over(
                batches,
                Metrics.meanAbsoluteError(Numbers::prediction, Numbers::target, Numbers::mask),
                Metrics.rootMeanSquaredError(Numbers::prediction, Numbers::target, Numbers::mask));
        assertThat(part.get("mean absolute error")).isCloseTo(counted[0] / counted[2], within(1e-14));
        assertThat(part.get("root mean squared error")).isCloseTo(Math.sqrt(counted[1] / counted[2]), within(1e-14));
    }

    @Test
    void nothingIsNoNumberAndNoNumberIsNone() {
        List<Metric<Batch>> metrics = List.of(
                Metrics.accuracy(Batch::scores, Batch::labels),
                Metrics.confusion(Batch::scores, Batch::labels, List.of("no", "yes")),
                Metrics.macroF1(Batch::scores, Batch::labels, 2),
                Metrics.loss("sum", each -> each.scores.sum(), MetricsTest::rows));
        Batch uncounted = Batch.of(new double[][] {{0, 1}}, -1);
        Batch good = Batch.of(new double[][] {{0, 1}}, 1);
        Batch unknown = Batch.of(new double[][] {{Double.NaN, 1}}, 1);
        for (Metric<Batch> each : metrics) {
            assertThat(value(each, List.of())).as(each.name()).isNaN();
            assertThat(value(each, List.of(good, unknown, good)))
                    .as(each.name())
                    .isNaN();
            assertThat(each).hasToString(each.name());
        }
        for (Metric<Batch> each : metrics.subList(0, 3)) {
            assertThat(value(each, List.of(uncounted))).as(each.name()).isNaN();
            assertThat(value(each, List.of(uncounted, good))).as(each.name()).isEqualTo(1);
            assertThat(each.isMoreBetter()).isTrue();
        }
        assertThat(metrics.get(3).isMoreBetter()).isFalse();
    }

    /** Padded tokens are the rows, labels below 0 their padding. */
    @Test
    void stepsOfAPaddedBatchCountAsRows() {
        Tensor logits = Tensor.of(RandomKey.of(3).normal(0, 1, DType.F64, Shape.of(2, 3, CLASSES)));
        Tensor labels = Tensor.of(new int[][] {{1, 2, -1}, {0, -1, -1}});
        Tensor lengths = Tensor.of(new int[] {2, 1});
        Batch batch = new Batch(logits, labels);
        Metric<Batch> nats = Metrics.loss(
                "nats",
                each -> Losses.perToken(each.scores, each.labels, lengths).times(3),
                _ -> Tensor.of(3.0));
        Map<String, Double> found = Metrics.over(List.of(batch), nats, Metrics.accuracy(Batch::scores, Batch::labels));
        assertThat(found.get("nats"))
                .isCloseTo(Losses.perToken(logits, labels, lengths).item(), within(1e-15));
        int hits = 0;
        int[][] steps = {{0, 0, 1}, {0, 1, 2}, {1, 0, 0}};
        for (int[] step : steps) {
            hits += (int) logits.get(step[0]).get(step[1]).argMax().value().item() == step[2] ? 1 : 0;
        }
        assertThat(found.get("accuracy")).isEqualTo(hits / 3.0);
    }

    @Test
    void errors() {
        Batch batch = Batch.of(new double[][] {{0, 1}}, 2);
        fails(
                () -> Metrics.over(List.of(batch), Metrics.accuracy(Batch::scores, Batch::labels)),
                "accuracy: label 2 in row 0: scores (1, 2) have 2 classes, so labels go from 0 to 1; do these count"
                        + " from 1?");
        fails(
                () -> Metrics.over(List.of(batch), Metrics.confusion(Batch::scores, Batch::labels, List.of("a", "b"))),
                "confusion: label 2 in row 0: there are 2 classes, so labels go from 0 to 1; do these count from 1?");
        fails(
                () -> Metrics.over(List.of(batch), Metrics.confusion(Batch::scores, Batch::labels, List.of("a"))),
                "confusion: scores constant (1, 2) f64 of 1 classes: their last axis must be as long");
        fails(
                () -> Metrics.over(List.of(batch), Metrics.accuracy(Batch::labels, Batch::labels)),
                "accuracy: scores constant (1) i32 and labels constant (1) i32: they are (..., classes) floating-point"
                        + " numbers, and (...) i32");
        fails(
                () -> Metrics.over(List.of(batch), Metrics.loss("mean", Batch::scores, Batch::labels)),
                "mean: constant (1, 2) f64 must be a sum or a count over a batch, a number of shape (); take its sum()");
        Metric<Batch> one = Metrics.accuracy(Batch::scores, Batch::labels);
        fails(
                () -> Metrics.over(List.of(batch), one, one),
                "metrics of which two are named accuracy: numbers are told apart by name; give one of them another");
        fails(
                () -> Metrics.over(
                        List.of(batch), Metrics.f1(0, each -> each.scores.get(0), each -> Tensor.of(new int[] {0, 3}))),
                "F1: label 3 in row 1: yes or no, (2, 2) have 2 classes, so labels go from 0 to 1");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
