package dev.clew.nn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.loss.Ctc;
import dev.clew.nn.loss.CtcByHand;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Labels against all ways to write them. */
class CtcDecoderTest {
    private static final int TIME = 5;
    private static final int CLASSES = 3;

    private static NDArray logits(long seed) {
        return RandomKey.of(seed).normal(0, 1.5, DType.F64, Shape.of(TIME, CLASSES));
    }

    private static double[][] probabilities(NDArray logits) {
        double[][] p = logits.toRows();
        for (int t = 0; t < p.length; t++) {
            p[t] = CtcByHand.softmax(p[t]);
        }
        return p;
    }

    private static Map<IntTuple, Double> all(NDArray logits, int blank) {
        Map<IntTuple, Double> all = new HashMap<>();
        for (int n = 0; n < CtcByHand.ways(TIME, CLASSES); n++) {
            int[] way = CtcByHand.way(n, TIME, CLASSES);
            all.merge(
                    IntTuple.of(CtcByHand.labels(way, blank)),
                    CtcByHand.probability(probabilities(logits), way),
                    Double::sum);
        }
        return all;
    }

    @Property(tries = 40)
    void aSearchAsWideAsAllLabelsKnowsTheProbabilityOfEach(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = CLASSES - 1) int blank) {
        NDArray logits = logits(seed);
        Map<IntTuple, Double> expected = all(logits, blank);
        List<Hypothesis> found = new CtcDecoder(blank, 1000).search(logits);
        assertThat(found).hasSameSizeAs(expected.keySet());
        double before = 0;
        for (Hypothesis each : found) {
            assertThat(Math.exp(each.logProbability())).isCloseTo(expected.get(each.tokens()), within(1e-13));
            assertThat(each.logProbability()).isLessThanOrEqualTo(before);
            before = each.logProbability();
        }
    }

    @Property(tries = 40)
    void aNarrowSearchKnowsAPartOfTheProbability(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int width) {
        NDArray logits = logits(seed);
        Map<IntTuple, Double> all = all(logits, 0);
        List<Hypothesis> found = CtcDecoder.create().withWidth(width).search(logits);
        assertThat(found).hasSizeLessThanOrEqualTo(width);
        for (Hypothesis each : found) {
            assertThat(Math.exp(each.logProbability()))
                    .isLessThanOrEqualTo(all.getOrDefault(each.tokens(), 0.0) + 1e-13);
        }
    }

    @Property(tries = 40)
    void theBestPathIsWhatIsLeftOfTheMostProbableWay(@ForAll long seed) {
        NDArray logits = logits(seed);
        double[][] p = probabilities(logits);
        int[] best = CtcByHand.way(0, TIME, CLASSES);
        for (int n = 0; n < CtcByHand.ways(TIME, CLASSES); n++) {
            int[] way = CtcByHand.way(n, TIME, CLASSES);
            best = CtcByHand.probability(p, way) > CtcByHand.probability(p, best) ? way : best;
        }
        assertThat(new CtcDecoder(1, 1).bestPath(logits)).isEqualTo(IntTuple.of(CtcByHand.labels(best, 1)));
    }

    /** Graves' example: the best path writes nothing, with 0.36, while a label is written in three ways, with 0.64 together. */
    @Test
    void theMostProbableLabelsAreNotThoseOfTheBestPath() {
        NDArray logits = NDArray.of(new double[][] {{Math.log(0.6), Math.log(0.4)}, {Math.log(0.6), Math.log(0.4)}});
        assertThat(CtcDecoder.create().bestPath(logits)).isEqualTo(IntTuple.of());
        Hypothesis best = CtcDecoder.create().search(logits).getFirst();
        assertThat(best.tokens()).isEqualTo(IntTuple.of(1));
        assertThat(Math.exp(best.logProbability())).isCloseTo(0.64, within(1e-15));
    }

    @Test
    void theLossKnowsTheSameProbabilities() {
        NDArray logits = logits(3);
        Hypothesis best = CtcDecoder.create().withWidth(1000).search(logits).getFirst();
        int[] labels = best.tokens().toArray();
        assertThat(labels).isNotEmpty();
        double cost = Ctc.create()
                .withBlank(0)
                .of(
                        Tensor.of(logits).expandDims(0),
                        Tensor.of(new int[] {TIME}),
                        Tensor.of(new int[][] {labels}),
                        Tensor.of(new int[] {labels.length}))
                .times(labels.length)
                .item();
        assertThat(best.logProbability()).isCloseTo(-cost, within(1e-13));
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new CtcDecoder(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ctcDecoder with blank 0 and width 0: the blank is a class, 0 or more, and the width 1 or"
                        + " more");
        assertThatThrownBy(() -> CtcDecoder.create().withBlank(3).search(logits(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("search in logits (5, 3) f64 with blank 3: they are (time, classes) floating-point numbers,"
                        + " and the blank is one of the classes");
        assertThatThrownBy(() -> CtcDecoder.create().bestPath(NDArray.of(new double[][] {{1, Double.NaN}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bestPath: the largest of the logits (1, 2) in row 0 is NaN");
    }
}
