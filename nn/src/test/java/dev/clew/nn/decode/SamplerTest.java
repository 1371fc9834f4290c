package dev.clew.nn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What tokens are drawn with, against the definitions. */
class SamplerTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private static double[] probabilities(Sampler sampler, double... logits) {
        return Arrays.stream(sampler.logProbabilities(NDArray.of(logits)).toDoubles())
                .map(Math::exp)
                .toArray();
    }

    @Property(tries = 100)
    void temperatureDividesLogits(@ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 10) double temperature) {
        double[] logits =
                RandomKey.of(seed).normal(0, 2, DType.F64, Shape.of(5)).toDoubles();
        double sum = Arrays.stream(logits).map(x -> Math.exp(x / temperature)).sum();
        double[] p = probabilities(Sampler.create().withTemperature(temperature), logits);
        for (int i = 0; i < 5; i++) {
            assertThat(p[i]).isCloseTo(Math.exp(logits[i] / temperature) / sum, within(1e-13));
        }
    }

    @Test
    void temperatureTowardsZeroIsTheMostProbableToken() {
        double[] logits = {1, 3, NEVER, 3 - 1e-9, -5};
        assertThat(probabilities(Sampler.greedy(), logits)).containsExactly(0, 1, 0, 0, 0);
        for (double temperature : new double[] {1e-12, 1e-300, Double.MIN_VALUE}) {
            assertThat(probabilities(Sampler.create().withTemperature(temperature), logits))
                    .containsExactly(0, 1, 0, 0, 0);
        }
        assertThat(probabilities(Sampler.greedy(), 2, 5, 5)).containsExactly(0, 1, 0);
        assertThat(Sampler.greedy()
                        .draw(NDArray.of(new double[][] {{0, 1}, {1, 0}}), RandomKey.of(1))
                        .toInts())
                .containsExactly(1, 0);
    }

    @Test
    void temperatureOfAnySizeKeepsOutWhatCannotBe() {
        assertThat(probabilities(Sampler.create().withTemperature(1e300), 3, NEVER, -7))
                .containsExactly(0.5, 0, 0.5);
    }

    @Property(tries = 100)
    void topKAreTheLargestInTheirProportions(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int k) {
        double[] logits =
                RandomKey.of(seed).normal(0, 2, DType.F64, Shape.of(6)).toDoubles();
        double[] sorted =
                Arrays.stream(logits).map(x -> -x).sorted().map(x -> -x).toArray();
        double least = sorted[Math.min(k, 6) - 1];
        double sum =
                Arrays.stream(logits).filter(x -> x >= least).map(Math::exp).sum();
        double[] p = probabilities(Sampler.create().withTopK(k), logits);
        for (int i = 0; i < 6; i++) {
            assertThat(p[i]).isCloseTo(logits[i] >= least ? Math.exp(logits[i]) / sum : 0, within(1e-13));
        }
    }

    @Property(tries = 100)
    void topPAreTheFewestThatHaveTheShare(
            @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 0.99) double share) {
        double[] logits =
                RandomKey.of(seed).normal(0, 2, DType.F64, Shape.of(6)).toDoubles();
        double[] all = probabilities(Sampler.create(), logits);
        double[] p = probabilities(Sampler.create().withTopP(share), logits);
        double kept = 0;
        double least = 1;
        for (int i = 0; i < 6; i++) {
            kept += p[i] > 0 ? all[i] : 0;
            least = p[i] > 0 ? Math.min(least, all[i]) : least;
        }
        assertThat(kept).isGreaterThanOrEqualTo(share - 1e-12);
        assertThat(kept - least).isLessThan(share); // Without the least of them it is not enough.
        for (int i = 0; i < 6; i++) {
            assertThat(p[i]).isCloseTo(all[i] >= least ? all[i] / kept : 0, within(1e-13));
        }
    }

    @Test
    void equalTokensStayInTheirOrderAndOneAtLeast() {
        assertThat(probabilities(Sampler.create().withTopK(2), 1, 1, 1, 1)).containsExactly(0.5, 0.5, 0, 0);
        assertThat(probabilities(Sampler.create().withTopP(1e-9), 0, 0, 1, 0)).containsExactly(0, 0, 1, 0);
        assertThat(probabilities(Sampler.create().withTopP(1), 0, 0)).containsExactly(0.5, 0.5);
        // First the temperature, then k, then p of what is left: ½, ½ of three equal ones, of which one is enough for
        // 0.4.
        assertThat(probabilities(Sampler.create().withTemperature(2).withTopK(2).withTopP(0.4), 3, 3, 3))
                .containsExactly(1, 0, 0);
    }

    @Test
    void drawsComeInTheirProportions() {
        Sampler sampler = Sampler.create().withTemperature(2).withTopK(2);
        NDArray logits = NDArray.of(new double[] {0, 2 * Math.log(3), -1}).broadcastTo(Shape.of(20_000, 3));
        int[] drawn = sampler.draw(logits, RandomKey.of(5)).toInts();
        double ones = Arrays.stream(drawn).filter(token -> token == 1).count();
        assertThat(Arrays.stream(drawn).noneMatch(token -> token == 2)).isTrue();
        assertThat(ones / drawn.length).isCloseTo(0.75, within(5 * Math.sqrt(0.75 * 0.25 / drawn.length)));
        assertThat(sampler.draw(logits, RandomKey.of(5)).toInts()).containsExactly(drawn);
    }

    @Test
    void errors() {
        fails(
                () -> Sampler.create().withTemperature(-1),
                "sampler with temperature -1.0: it is finite, and 0 or more; 0 takes the most probable token");
        fails(() -> Sampler.create().withTopK(0), "sampler of the 0 most probable tokens: 1 or more must stay");
        fails(
                () -> Sampler.create().withTopP(1.5),
                "sampler of a share of 1.5: it is above 0, where one token stays, and at most 1, where all do");
        fails(
                () -> Sampler.greedy().draw(NDArray.of(new double[][] {{0, 1}, {0, Double.NaN}}), RandomKey.of(1)),
                "logProbabilities: the largest of the logits (2, 2) in row 1 is NaN; a row needs one that is finite, and"
                        + " none that is NaN or Infinity");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
