package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
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
        assertThat(first(loss))
                .isEqualTo("log (2, 3) f64 is -Infinity at [0, 2], from 0.0; its inputs: times (2, 3) f64");
    }

    @Test
    void findsTheNodeBehindValuesThatAreKept() {
        Tensor log = Parameter.of(0.0).log();
        Tensor loss = log.square();
        Tensor.values(log, loss);
        assertThat(first(loss)).isEqualTo("log () f64 is -Infinity, from 0.0; its inputs: parameter () f64");
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

    private static final String REMEDY =
            ": 0·∞ and 0/0 are NaN. Replace the input before the operation, not its result after it:"
                    + " where(ok, where(ok, x, one).sqrt(), zero)";

    @Test
    void whatADiscardedDivisionPoisonsIsItsDerivative() {
        Parameter x = Parameter.of(new double[] {0, 2});
        Tensor loss = Tensor.where(x.equalTo(0), x, x.square().div(x)).sum();
        Tensor gradient = Gradients.of(loss).wrt(x);
        assertThat(loss.item()).isEqualTo(2);
        assertThat(gradient.value().get(0)).isNaN();
        String alone = "div (2) f64 is NaN at [0], from 0.0 and 0.0; its inputs: square (2) f64, parameter (2) f64";
        assertThat(first(gradient)).as("the derivative reads the quotient").isEqualTo(alone);
        String found = alone + ". where (2) f64 discards it, but a derivative goes through it" + REMEDY;
        assertThat(NonFinite.first(List.of(loss, gradient)).map(NonFinite::toString))
                .contains(found);
        assertThat(first(loss))
                .as("harmless on the way forward, but the only one there is")
                .isEqualTo(found);
    }

    @Test
    void tracedADiscardedDivisionNamesItsLine() {
        String[] found = Tracing.call(() -> {
            Parameter x = Parameter.of(new double[] {0, 2});
            Parameter divisor = Parameter.of(new double[] {0, 2});
            Tensor quotient = x.div(divisor);
            Tensor loss = Tensor.where(divisor.equalTo(0), divisor, quotient).sum();
            return new String[] {
                first(Gradients.of(loss).wrt(x)),
                quotient.site().map(Site::line).orElse("")
            };
        });
        assertThat(found[1])
                .matches(
                        "dev.clew.user.NonFiniteTest.tracedADiscardedDivisionNamesItsLine\\(NonFiniteTest.java:\\d+\\)");
        assertThat(found[0])
                .isEqualTo("div (2) f64 is NaN at [0], from 0.0 and 0.0; its inputs: where (2) f64, parameter (2) f64;"
                        + " made for the derivative of div (2) f64, made at " + found[1]
                        + ". The div itself is NaN at [0], and whatever discards that number lets its derivative through"
                        + REMEDY);
    }

    @Test
    void theInfiniteDerivativeOfARootIsNamedAndNotTheNaNThatAppearsLater() {
        String[] found = Tracing.call(() -> {
            Parameter x = Parameter.of(new double[] {4, 0});
            Tensor root = x.times(3).sqrt();
            Tensor gradient = Gradients.of(
                            root.times(Tensor.of(new double[] {1, 0})).sum())
                    .wrt(x);
            return new String[] {first(gradient), root.site().map(Site::line).orElse("")};
        });
        assertThat(found[0])
                .isEqualTo("reciprocal (2) f64 is Infinity at [1], from 0.0; its inputs: sqrt (2) f64;"
                        + " made for the derivative of sqrt (2) f64, made at " + found[1]);
    }

    @Test
    void anInfinityThatAMaskDiscardsForGoodIsNotBlamedForALaterOne() {
        Parameter x = Parameter.of(new double[] {0, 2});
        Tensor masked = Tensor.where(x.equalTo(0), x, x.log().stopGradient());
        Tensor later = masked.sum().minus(masked.sum()).log();
        assertThat(first(later)).isEqualTo("log () f64 is -Infinity, from 0.0; its inputs: minus () f64");
    }
}
