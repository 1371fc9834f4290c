package dev.clew.nn.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What follows from the order of scores, and from which class was taken for which, against the definitions. */
class RankingTest {
    private record Batch(Tensor scores, Tensor labels) {
        static Batch of(double[] scores, int... labels) {
            return new Batch(Tensor.of(scores), Tensor.of(labels));
        }
    }

    private static final Metric<Batch> AREA = Metrics.areaUnderCurve(Batch::scores, Batch::labels);
    private static final Metric<Batch> PRECISION = Metrics.averagePrecision(Batch::scores, Batch::labels);
    private static final Metric<Batch> F1 = Metrics.f1(1, Batch::scores, Batch::labels);

    private static double value(Metric<Batch> metric, Batch... batches) {
        return Metrics.over(List.of(batches), metric).values().iterator().next();
    }

    /** Scores from 0 to 3, so that many are equal; of the last row, which does not count, it is NaN. */
    private static Batch batch(Random random, int size) {
        double[] scores = new double[size + 1];
        int[] labels = new int[size + 1];
        for (int i = 0; i < size; i++) {
            scores[i] = random.nextInt(4);
            labels[i] = random.nextInt(2);
        }
        scores[size] = Double.NaN;
        labels[size] = -1;
        return Batch.of(scores, labels);
    }

    @Property(tries = 60)
    void theAreaIsTheShareOfPairsInTheRightOrder(@ForAll long seed) {
        Random random = new Random(seed);
        Batch one = batch(random, 6);
        Batch other = batch(random, 3);
        double[] scores = new double[9];
        int[] labels = new int[9];
        for (int i = 0; i < 9; i++) {
            Batch from = i < 6 ? one : other;
            scores[i] = from.scores.value().get(i < 6 ? i : i - 6);
            labels[i] = (int) from.labels.value().get(i < 6 ? i : i - 6);
        }
        double won = 0;
        double pairs = 0;
        double hits = 0;
        double said = 0;
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 9; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    pairs++;
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
            hits += scores[i] > 1 && labels[i] == 1 ? 1 : 0;
            said += scores[i] > 1 ? 1 : 0;
        }
        double positives = Arrays.stream(labels).sum();
        assertSame(value(AREA, one, other), won / pairs);
        assertSame(value(F1, one, other), 2 * hits / (said + positives));
        assertSame(value(PRECISION, one, other), averagePrecision(scores, labels, positives));
    }

    private static void assertSame(double found, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(found).isNaN();
        } else {
            assertThat(found).isCloseTo(expected, within(1e-15 * 16));
        }
    }

    /** Over the scores 3, 2, 1 and 0 as thresholds. */
    private static double averagePrecision(double[] scores, int[] labels, double positives) {
        double sum = 0;
        double before = 0;
        for (int threshold = 3; threshold >= 0; threshold--) {
            double hits = 0;
            double said = 0;
            for (int i = 0; i < scores.length; i++) {
                hits += scores[i] >= threshold ? labels[i] : 0;
                said += scores[i] >= threshold ? 1 : 0;
            }
            sum += said == 0 ? 0 : (hits / positives - before) * hits / said;
            before = hits / positives;
        }
        return sum;
    }

    /** The example of scikit-learn's documentation: area 0.75, average precision 0.83. */
    @Test
    void aKnownExample() {
        Batch batch = Batch.of(new double[] {0.1, 0.4, 0.35, 0.8}, 0, 0, 1, 1);
        assertThat(value(AREA, batch)).isEqualTo(0.75);
        assertThat(value(PRECISION, batch)).isCloseTo(0.5 + 1.0 / 3, within(1e-15));
    }

    @Test
    void oneLabelAloneHasNoAreaAndNaNMakesItNaN() {
        assertThat(value(AREA, Batch.of(new double[] {1, 2}, 1, 1))).isNaN();
        assertThat(value(AREA, Batch.of(new double[] {1, Double.NaN, 0}, 1, 1, 0)))
                .isNaN();
        assertThat(value(PRECISION, Batch.of(new double[] {1, 2}, 0, 0))).isNaN();
        assertThat(value(F1, Batch.of(new double[] {0, Double.NaN}, 0, 1))).isNaN();
        assertThat(value(AREA)).isNaN();
        assertThat(value(AREA, Batch.of(new double[] {0.0, -0.0}, 0, 1))).isEqualTo(0.5);
        Batch truths = new Batch(Tensor.of(new double[] {1, 0}), Tensor.of(new boolean[] {true, false}));
        assertThat(value(AREA, truths)).isEqualTo(1);
        assertThatThrownBy(() -> value(AREA, Batch.of(new double[] {1, 2}, 1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("area under curve: label 2 in row 1: labels are 0 and 1, and below 0 if they do not count");
    }

    @Property(tries = 60)
    void aConfusionMatrixKnowsPrecisionRecallAndF1(@ForAll long seed) {
        Random random = new Random(seed);
        int classes = 3;
        ConfusionMatrix matrix = ConfusionMatrix.of(List.of("a", "b", "c"));
        List<int[]> rows = new ArrayList<>();
        for (int size : new int[] {5, 2}) {
            int[] predicted = random.ints(size, 0, classes).toArray();
            int[] labels = random.ints(size, 0, classes).toArray();
            boolean[] isCounted = new boolean[size];
            for (int i = 0; i < size; i++) {
                isCounted[i] = i == 0 || random.nextBoolean();
                if (isCounted[i]) {
                    rows.add(new int[] {labels[i], predicted[i]});
                }
            }
            matrix.add(List.of(NDArray.of(predicted), NDArray.of(labels), NDArray.of(isCounted)));
        }
        double sum = 0;
        int there = 0;
        for (int c = 0; c < classes; c++) {
            int number = c;
            double hits = rows.stream()
                    .filter(row -> row[0] == number && row[1] == number)
                    .count();
            double are = rows.stream().filter(row -> row[0] == number).count();
            double said = rows.stream().filter(row -> row[1] == number).count();
            assertSame(matrix.precision(c), hits / said);
            assertSame(matrix.recall(c), hits / are);
            assertSame(matrix.f1(c), 2 * hits / (are + said));
            assertThat(matrix.count(c, c)).isEqualTo((long) hits);
            sum += are + said == 0 ? 0 : 2 * hits / (are + said);
            there += are + said == 0 ? 0 : 1;
        }
        double right = rows.stream().filter(row -> row[0] == row[1]).count();
        assertSame(matrix.macroF1(), sum / there);
        assertSame(matrix.accuracy(), right / rows.size());
        assertSame(matrix.microF1(), right / rows.size());
    }

    @Test
    void aConfusionMatrixIsATable() {
        ConfusionMatrix matrix = ConfusionMatrix.of(List.of("cat", "mouse", "newt"));
        matrix.add(List.of(
                NDArray.of(new int[] {0, 0, 1, 0, 1}),
                NDArray.of(new int[] {0, 0, 0, 1, 1}),
                NDArray.of(new boolean[] {true, true, true, true, true})));
        assertThat(matrix).hasToString("""
                        is \\ said    cat  mouse  newt  recall     F1
                        cat            2      1     0   0.667  0.667
                        mouse          1      1     0   0.500  0.500
                        newt           0      0     0       -      -
                        precision  0.667  0.500     -
                        accuracy 0.600, macro F1 0.583, micro F1 0.600
                        """);
        assertThat(matrix.text()).isEqualTo(matrix.toString());
        assertThatThrownBy(() -> matrix.count(3, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count of class 3: there are 3, counted from 0");
    }

    @Test
    void theTallyOfConfusionIsTheMatrix() {
        Metric<Batch> metric = Metrics.confusion(Batch::scores, Batch::labels, List.of("no", "yes"));
        Metric.Tally tally = metric.tally();
        assertThat(tally).isInstanceOf(ConfusionMatrix.class);
        Batch batch = new Batch(Tensor.of(new double[][] {{0, 1}, {1, 0}}), Tensor.of(new int[] {1, 1}));
        tally.add(Tensor.values(metric.of(batch)));
        assertThat(tally.value()).isEqualTo(0.5);
        assertThat(((ConfusionMatrix) tally).count(1, 0)).isEqualTo(1);
    }
}
