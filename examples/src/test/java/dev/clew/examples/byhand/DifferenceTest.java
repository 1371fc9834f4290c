package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final double[] NOT_A_NUMBER = {1, Double.NaN};
    private static final double[] INFINITE = {1, Double.POSITIVE_INFINITY};
    private static final double[] ONE_TWO = {1, 2};

    @Test
    void isTheLargestDifferenceOverTheLargestMagnitude() {
        assertThat(Difference.relative(new double[] {1, -2}, new double[] {1, -4}))
                .isEqualTo(0.5);
        assertThat(Difference.relative(ONE_TWO, ONE_TWO)).isZero();
        assertThat(Difference.euclidean(new double[][] {{3, 0}}, new double[][] {{0, 4}}))
                .isEqualTo(1.25);
        assertThat(Difference.relative(new double[0][0], new double[0][0])).isZero();
    }

    @Test
    void nothingNotFiniteAgreesWithAnything() {
        for (double[] bad : new double[][] {NOT_A_NUMBER, INFINITE}) {
            assertThat(Difference.relative(bad, ONE_TWO)).isInfinite();
            assertThat(Difference.relative(ONE_TWO, bad)).isInfinite();
            assertThat(Difference.relative(bad, bad)).isInfinite();
            assertThat(Difference.euclidean(new double[][] {bad}, new double[][] {ONE_TWO}))
                    .isInfinite();
        }
    }

    @Test
    void zerosAgreeOnlyWithZeros() {
        assertThat(Difference.relative(new double[2], new double[2])).isZero();
        assertThat(Difference.relative(new double[] {0, 1e-300}, new double[2])).isInfinite();
    }

    @Test
    void refusesOtherShapesAndOtherNames() {
        assertThatThrownBy(() -> Difference.relative(new double[2], new double[3]))
                .hasMessageContaining("2 entries to 3");
        Map<String, double[][]> one = Map.of("W", new double[1][1]);
        Map<String, double[][]> two = Map.of("W", new double[1][1], "b", new double[1][1]);
        assertThatThrownBy(() -> Difference.relative(one, two)).hasMessageContaining("[W] to");
        assertThatThrownBy(() -> Difference.relative(two, one)).hasMessageContaining("to [W]");
    }
}
