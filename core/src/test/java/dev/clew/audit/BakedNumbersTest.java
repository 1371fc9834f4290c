package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A number of one point in a formula for all points is found, or refused where it would enter. */
final class BakedNumbersTest {
    private static final Parameter X = Parameter.of(2.0);

    /** y = x², with a vjp that is given. */
    private record Squared(Vjp rule) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            double x = inputs.getFirst().item();
            return NDArray.of(x * x);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return rule.of(y, yBar);
        }
    }

    @FunctionalInterface
    private interface Vjp {
        Tensor of(Tensor y, Tensor yBar);
    }

    /** y = x², which keeps x from its evaluation for its vjp, as elsewhere it would have to. */
    private record Saving(AtomicReference<NDArray> saved) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            saved.set(inputs.getFirst());
            return NDArray.of(inputs.getFirst().item() * inputs.getFirst().item());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar.times(Tensor.of(saved.get())).times(2);
        }
    }

    private static void assertRefused(Vjp rule, String asked) {
        Tensor y = new Squared(rule).on(X);
        assertThatThrownBy(() -> Gradients.of(y).wrt(X))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(asked
                        + " in the vjp of squared () f64: a derivative is a formula that is evaluated again at other"
                        + " numbers, and numbers put into it would stay those of now; compute with the tensors y, y.input(i)"
                        + " and yBar themselves");
    }

    @Test
    void numbersAreRefusedWithinAVjp() {
        assertRefused((y, yBar) -> yBar.times(y.input(0).value().item()).times(2), "value() of parameter () f64");
        assertRefused((y, yBar) -> yBar.times(y.input(0).item()).times(2), "item() of parameter () f64");
        assertRefused((y, yBar) -> yBar.times(X.value().item()).times(2), "value() of parameter () f64");
        assertRefused((y, yBar) -> yBar.times(y.value().item()), "value() of squared () f64");
        assertRefused(
                (y, yBar) -> yBar.times(Tensor.of(Tensor.values(y, yBar).getFirst())),
                "values of squared () f64, constant () f64");
        assertRefused(
                (y, yBar) -> yBar.times(Tensor.of(y.input(0).known().orElseThrow())), "known() of parameter () f64");
        assertRefused(
                (y, yBar) -> yBar.times(
                        Tensor.of(Evaluator.current().evaluate(List.of(y)).getFirst())),
                "an evaluation");
    }

    @Test
    void aVjpMayBePrintedAndItsTensorsDifferentiated() {
        StringBuilder printed = new StringBuilder();
        Squared op = new Squared((y, yBar) -> {
            printed.append(y.input(0));
            Tensor x = y.input(0);
            return yBar.times(Gradients.of(x.square()).wrt(x));
        });
        assertThat(Gradients.of(op.on(X)).wrt(X).item()).isEqualTo(4);
        assertThat(printed.toString()).isEqualTo("parameter () f64 2.0");
    }

    private static GradientReport report(UnaryOperator<Tensor> function, double at) {
        return GradientCheck.of(function, NDArray.of(at)).report();
    }

    @Test
    void aNumberInAFunctionIsFound() {
        GradientReport report = report(x -> x.times(Tensor.of(x.value())), 2);
        assertThat(report.isRight()).isFalse();
        assertThat(report.toString()).isEqualTo("""
                        gradient check: 1 right
                          a number is baked into the function: beside the point it gives 4.00000609 if it is called anew there,\
                         and 4.00000305 as it was built at the point; it is in constant () f64 2.0; use the tensor instead of its\
                         value(), or x.stopGradient() where it is meant to be constant
                          seed 1""");
        assertThat(report(x -> x.times(x.item()), -0.3).baked()).isNotEmpty();
        assertThat(report(x -> x.div(x.value().toDoubles()[0]).exp(), 1e6).baked())
                .isNotEmpty();
        assertThat(GradientCheck.of(
                                in -> in.getOrDefault("a", X)
                                        .times(Tensor.of(in.getOrDefault("b", X).value())),
                                Map.of("a", NDArray.of(3.0), "b", NDArray.of(4f).cast(DType.F64)))
                        .report()
                        .baked())
                .contains("; it is in constant () f64 4.0; use");
    }

    @Test
    void lookingAtValuesAndDeclaredConstantsAreNoFault() {
        for (UnaryOperator<Tensor> free : List.<UnaryOperator<Tensor>>of(
                x -> x.times(x.stopGradient()),
                x -> x.item() > 1 ? x.square() : x.exp(),
                x -> {
                    Tensor y = x;
                    while (y.item() > 0.01) {
                        y = y.times(0.5).tanh();
                    }
                    return y;
                },
                x -> x.minus(x.value().item()).exp().log().plus(x.value().item()))) {
            GradientReport report = report(free, 2);
            assertThat(report.isRight()).as("%s", report).isTrue();
        }
    }

    @Test
    void aNumberThatAnOperationKeepsForItsVjpIsFound() {
        Saving op = new Saving(new AtomicReference<>(NDArray.of(2.0)));
        String baked = "a number is baked into the gradient of x: beside the point it is ";
        assertThat(report(op::on, 2).toString()).contains(baked);
        Parameter x = Parameter.of(2.0);
        GradientReport report = GradientCheck.of(op.on(x), Map.of("x", x)).report();
        assertThat(report.isRight()).isFalse();
        assertThat(report.baked())
                .isEqualTo(baked
                        + "2.30289557 if it is built anew there, and 2.30289381 as it was built at the point; a vjp"
                        + " computes with the tensors y, y.input(i) and yBar, and keeps no numbers of its own");
        assertThat(x.item()).isEqualTo(2);
    }

    /** What is the same wherever elements move against each other, as sums, means and products are, is found too. */
    @Test
    void aNumberOfAllElementsIsFoundWhicheverWayTheyMove() {
        List<UnaryOperator<Tensor>> baked = List.of(
                x -> x.square().times(x.sum().item()).sum(),
                x -> x.minus(x.mean().item()).exp().sum(),
                x -> x.div(x.sum().item()),
                x -> x.times(x.prod().item()));
        for (UnaryOperator<Tensor> function : baked) {
            for (int n : new int[] {2, 3, 8, 10}) {
                double[] point = new double[n];
                Arrays.setAll(point, i -> 1 + 0.25 * (i % 3));
                for (long seed = 1; seed <= 20; seed++) {
                    GradientReport report = GradientCheck.of(function, NDArray.of(point))
                            .withSeed(seed)
                            .report();
                    assertThat(report.isRight())
                            .as("%s, seed %s\n%s", n, seed, report)
                            .isFalse();
                    assertThat(report.baked()).isNotEmpty();
                }
            }
        }
    }
}
