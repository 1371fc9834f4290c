package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NonFiniteTest {
    private static String first(Tensor output) {
        return NonFinite.first(List.of(output)).map(NonFinite::toString).orElse("none");
    }

    @Test
    void namesTheFirstBadNodeOfAChain() {
        Parameter x = Parameter.of(new double[][] {{1, 2, 0}, {0, 1, 1}});
        Tensor loss = x.times(2).log().square().exp().sum();
        assertThat(first(loss)).isEqualTo("log (2, 3) f64 is -Infinity at [0, 2]; its inputs: times (2, 3) f64");
    }

    @Test
    void findsTheNodeBehindValuesThatAreKept() {
        Tensor log = Parameter.of(0.0).log();
        Tensor loss = log.square();
        Tensor.values(log, loss);
        assertThat(first(loss)).isEqualTo("log () f64 is -Infinity; its inputs: parameter () f64");
    }

    @Test
    void namesASource() {
        assertThat(first(Parameter.of(new double[] {1, Double.NaN}).exp()))
                .isEqualTo("parameter (2) f64 is NaN at [1]");
        assertThat(first(Tensor.of(Double.POSITIVE_INFINITY).negate())).isEqualTo("constant () f64 is Infinity");
    }

    @Test
    void findsNothingWhereAllIsFinite() {
        assertThat(NonFinite.first(List.of(Parameter.of(1.0).log().sum(), Tensor.of(new int[] {1}))))
                .isEmpty();
    }

    @Test
    void seesABadNumberAtAnyPosition() {
        for (int elements : new int[] {1, 511, 512, 513, 2000}) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                double[] numbers = new double[elements];
                Arrays.fill(numbers, Double.MAX_VALUE);
                assertThat(NonFinite.allFinite(NDArray.of(numbers))).isTrue();
                numbers[elements - 1] = bad;
                assertThat(NonFinite.allFinite(NDArray.of(numbers))).isFalse();
                assertThat(first(Tensor.of(numbers))).endsWith(" is " + bad + " at [" + (elements - 1) + "]");
            }
        }
        assertThat(NonFinite.allFinite(NDArray.full(1, DType.F32, Shape.of(0, 3))))
                .isTrue();
    }
}
