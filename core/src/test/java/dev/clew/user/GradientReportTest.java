package dev.clew.user;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.Finding;
import dev.clew.audit.GradientCheck;
import dev.clew.audit.GradientReport;
import dev.clew.audit.HalfSlope;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a check says, whole; and what it can be asked. */
final class GradientReportTest {
    private final Parameter w = Parameter.of(new double[] {0.5, -1, 2});
    private final Parameter x = Parameter.of(new double[] {3, 1, 0.25});
    private final Tensor loss = w.times(x).square().sum();

    private NDArray right(Tensor of) {
        return Gradients.of(loss).wrt(of).value();
    }

    @Test
    void aRightGradientIsCounted() {
        GradientReport report =
                assertThat(GradientCheck.of(loss, Map.of("w", w))).isRight();
        assertThat(report.isRight()).isTrue();
        assertThat(report.toString()).isEqualTo("gradient check: 3 right\n  seed 1");
    }

    @Test
    void aGradientByHandIsCheckedAndTheWorstComesFirst() {
        GradientCheck check =
                GradientCheck.of(loss, Map.of("w", w)).withGradients(Map.of("w", NDArray.of(new double[] {9, 2, 0.5})));
        assertThatThrownBy(() -> assertThat(check).isRight())
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        gradient check: 2 wrong; 1 right
                          w[1]  wrong: 2.00000000, by differences -2.00000000 ± 4e-14 (off by 2.0e+00)
                          w[2]  wrong: 0.500000000, by differences 0.250000000 ± 2e-14 (off by 5.0e-01)
                          seed 1""");
        assertThat(GradientCheck.of(loss, Map.of("w", w, "x", x)).withGradients(Map.of("w", right(w), "x", right(x))))
                .isRight();
    }

    @Test
    void parametersAreAsTheyWere() {
        NDArray before = w.value();
        assertThat(GradientCheck.of(loss, Map.of("w", w)).withOrder(2)).isRight();
        assertThat(w.value()).isSameAs(before);
    }

    @Test
    void anyNodeCanBeAnInput() {
        List<Tensor> states = new ArrayList<>(List.of(w));
        for (int t = 0; t < 4; t++) {
            states.add(states.getLast().times(0.9).plus(x).tanh());
        }
        Tensor end = Tensor.sum(states).square().sum();
        GradientReport report = assertThat(GradientCheck.of(end, Map.of("h2", states.get(2), "h4", states.get(4)))
                        .withOrder(2))
                .isRight();
        assertThat(report.findings()).hasSize(6 + 6 + 1);
        assertThat(report.toString()).startsWith("gradient check: ");
        assertThat(GradientCheck.of(end, Map.of("h2", states.get(2)))
                        .withGradients(Map.of(
                                "h2", Gradients.of(end).wrt(states.get(2)).value())))
                .isRight();
    }

    @Test
    void aLargeInputMovesAlongDirections() {
        NDArray many = RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(5000));
        GradientReport report =
                assertThat(GradientCheck.of(t -> t.tanh().sum(), many)).isRight();
        assertThat(report.findings())
                .hasSize(16)
                .allSatisfy(one -> assertThat(one.direction()).isTrue());
        List<Finding> wrong = GradientCheck.of(t -> new HalfSlope().on(t), many)
                .withSeed(9)
                .withDirections(2)
                .report()
                .findings();
        assertThat(wrong.getFirst().toString()).startsWith("x along direction ").contains("  wrong: ");
    }

    /** Gives another value each time. */
    private record Unsteady(AtomicInteger calls) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return NDArray.of(inputs.getFirst().item() + calls.getAndIncrement());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    @Test
    void whatIsNotRepeatableIsNamed() {
        Unsteady op = new Unsteady(new AtomicInteger());
        Tensor y = op.on(Parameter.of(1.0)).square();
        assertThatThrownBy(() ->
                        assertThat(GradientCheck.of(y, Map.of("x", y.input(0)))).isRight())
                .hasMessage("gradient check: the same formula gives different values, so differences mean nothing:"
                        + " two evaluations of unsteady () f64 are 1.0 and 2.0\n  seed 1");
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> assertThat(GradientCheck.of(t -> t.times(calls.incrementAndGet()), NDArray.of(2.0))
                                .withSeed(3))
                        .isRight())
                .hasMessage("gradient check: the same formula gives different values, so differences mean nothing:"
                        + " two calls of the function give [2.0] and [4.0]\n  seed 3");
    }

    @Test
    void whatCannotBeDecidedIsNoSuccess() {
        assertThatThrownBy(() -> assertThat(GradientCheck.of(Tensor::abs, NDArray.of(0.0)))
                        .isRight())
                .hasMessageMatching(
                        "gradient check: 1 undecided, a kink. Nothing could be decided: choose another point\n"
                                + "  x  undecided, a kink: 0.00000000, by differences 0.00000000 ± \\de-\\d\\d \\(off by 0.0e\\+00\\);"
                                + " the slope is -0.[0-9]* on the left and 0.[0-9]* on the right\n"
                                + "  seed 1");
    }

    @Test
    void cancellationNamesItsNodeAndLine() {
        GradientReport report = Tracing.call(() ->
                GradientCheck.of(t -> t.plus(1e13).minus(1e13), NDArray.of(0.3)).report());
        assertThat(report.findings().getFirst().reason())
                .matches("values are known to \\de-03 only, because of rounding in plus \\(\\) f64 at"
                        + " dev.clew.user.GradientReportTest.cancellationNamesItsNodeAndLine"
                        + "\\(GradientReportTest.java:\\d+\\)");
    }

    @Test
    void singlePrecisionHasItsOwnTolerance() {
        NDArray at = RandomKey.of(2).uniform(-1, 1, DType.F32, Shape.of(4));
        assertThat(GradientCheck.of(t -> t.tanh().times(t), at)).isRight();
        assertThat(GradientCheck.of(t -> new HalfSlope().on(t), at).report().isRight())
                .isFalse();
    }

    @Test
    void nothingToCompareIsRight() {
        assertThat(assertThat(GradientCheck.of(t -> t.square(), NDArray.of(new double[0])))
                        .isRight()
                        .toString())
                .isEqualTo("gradient check: there are no numbers to compare\n  seed 1");
    }

    @Test
    void mistakesAreExplained() {
        assertThatThrownBy(() -> GradientCheck.of(loss, Map.of("i", Tensor.of(1))))
                .hasMessage("gradient check with respect to i, constant () i32:"
                        + " integers and truth values have no derivatives");
        assertThatThrownBy(() -> GradientCheck.of(w.lessThan(0.0), Map.of("w", w)))
                .hasMessage("gradient check of lessThan (3) bool:"
                        + " integers and truth values have no derivatives; check what they are computed from");
        GradientCheck check = GradientCheck.of(loss, Map.of("w", w));
        assertThatThrownBy(() -> check.withOrder(3))
                .hasMessage("order 3: 1 or 2; for a higher one, check the formula of a derivative:"
                        + " of(Gradients.of(y).wrt(x), ...)");
        assertThatThrownBy(() -> check.withGradients(Map.of("v", right(w))))
                .hasMessage("gradients by hand of [v]: there must be one for each input, [w]");
        assertThatThrownBy(() -> check.withGradients(Map.of("w", right(w).reshape(Shape.of(1, 3)))))
                .hasMessage("gradient by hand of w, (1, 3): w has shape (3); transposed?");
        assertThatThrownBy(() -> GradientCheck.of(w.square(), Map.of("w", w)).withGradients(Map.of("w", right(w))))
                .hasMessage("gradients by hand of square (3) f64 at order 1:"
                        + " they belong to a single number, and are of order 1");
    }
}
