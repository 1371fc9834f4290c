package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class TracingTest {
    /** Throws what it is made with. */
    private record Failing(RuntimeException error) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.SCALAR;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            throw error;
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar.reshape(1);
        }
    }

    private static String line(Tensor node) {
        return node.site().map(Site::line).orElse("none");
    }

    @Test
    void isOffUnlessAskedFor() {
        assertThat(Tracing.isOn()).isFalse();
        assertThat(Parameter.of(1.0).square().site()).isEmpty();
        Tracing.run(() -> assertThat(Tracing.isOn()).isTrue());
        assertThat(Tracing.isOn()).isFalse();
        assertThat(Tensor.of(1.0).site()).isEmpty();
    }

    @Test
    void anotherThreadIsNotTraced() throws Exception {
        FutureTask<Boolean> other = new FutureTask<>(Tracing::isOn);
        Tracing.run(() -> new Thread(other).start());
        assertThat(other.get()).isFalse();
    }

    @Test
    void aNodeNamesTheLineThatMadeItHoweverDeepInTheLibrary() {
        StackTraceElement[] here = new StackTraceElement[1];
        Tensor[] made = Tracing.call(() -> {
            here[0] = new Throwable().getStackTrace()[0];
            Parameter x = Parameter.of(new double[] {1, 2}); // the line after
            return new Tensor[] {x, x.softmax(0)}; // and the one after that
        });
        assertThat(line(made[0])).endsWith("(TracingTest.java:" + (here[0].getLineNumber() + 1) + ")");
        assertThat(line(made[1])).endsWith("(TracingTest.java:" + (here[0].getLineNumber() + 2) + ")");
        assertThat(line(made[1].input(0))).isEqualTo(line(made[1]));
    }

    @Test
    void aNodeOfAGradientNamesTheNodeThatItIsTheDerivativeOf() {
        Tracing.run(() -> {
            Parameter x = Parameter.of(2.0);
            Tensor y = x.tanh();
            Tensor first = Gradients.of(y).wrt(x);
            assertThat(line(first)).isEqualTo(line(y));
            assertThat(first.site().orElseThrow().toString())
                    .isEqualTo("made for the derivative of tanh () f64, made at " + line(y));
            Tensor second = Gradients.of(first).wrt(x);
            assertThat(Graph.of(List.of(second)).nodes())
                    .allSatisfy(node -> assertThat(line(node)).contains("TracingTest"));
        });
    }

    @Test
    void aNodeMadeBeforeTheTraceIsSaidToBe() {
        Parameter x = Parameter.of(2.0);
        Tensor y = x.square();
        Tensor gradient = Tracing.call(() -> Gradients.of(y).wrt(x));
        assertThat(line(gradient)).isEqualTo("a line outside the trace");
        assertThat(gradient.site().orElseThrow().toString())
                .isEqualTo("made for the derivative of square () f64, made outside the trace");
    }

    @Test
    void anErrorOfAnEvaluationNamesTheLine() {
        Parameter rows = Parameter.of(new double[][] {{1}, {2}});
        Parameter at = Parameter.of(NDArray.of(new double[] {5}));
        Tensor untraced = rows.gather(at.cast(DType.I32));
        assertThatThrownBy(untraced::value)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gather: index 5 at position 0 of (1) is outside 0 to 1: there are 2 rows");
        Tensor traced = Tracing.call(() -> rows.gather(at.cast(DType.I32)));
        assertThatThrownBy(traced::value)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gather: index 5 at position 0 of (1) is outside 0 to 1: there are 2 rows;"
                        + " gather (1, 1) f64 was made at " + line(traced));
    }

    @Test
    void errorsOfOtherKindsKeepTheirKind() {
        Tensor state = Tracing.call(() -> new Failing(new IllegalStateException("no")).on(Tensor.of(1.0)));
        assertThatThrownBy(state::value)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no; failing () f64 was made at " + line(state));
        ArithmeticException error = new ArithmeticException("no");
        Tensor other = Tracing.call(() -> new Failing(error).on(Tensor.of(1.0)));
        assertThatThrownBy(other::value)
                .isSameAs(error)
                .satisfies(thrown ->
                        assertThat(thrown.getSuppressed()[0]).hasMessage("failing () f64 was made at " + line(other)));
        Parameter x = Parameter.of(1.0);
        Tensor wrong = Tracing.call(() -> new Failing(error).on(x));
        assertThatThrownBy(() -> Gradients.of(wrong).wrt(x))
                .hasMessage("the vjp of failing () f64 for its input 0, parameter () f64, gave reshape (1) f64:"
                        + " a cotangent has the shape and type of what it belongs to; failing was made at "
                        + line(wrong));
    }

    /** What is said of a NaN, or the number if there is none. */
    private static String nan(Tensor output) {
        try {
            return Tracing.call(output::value).toString();
        } catch (ArithmeticException error) {
            return String.valueOf(error.getMessage());
        }
    }

    @Test
    void aNaNOfTheForwardPassIsAnErrorThatNamesWhereItBegan() {
        Tensor[] made = Tracing.call(() -> {
            Parameter x = Parameter.of(new double[] {4, -1});
            Tensor root = x.sqrt();
            return new Tensor[] {root, root.times(2).exp().sum()};
        });
        assertThat(nan(made[1]))
                .isEqualTo("a NaN in reshape () f64. It begins here: sqrt (2) f64 is NaN at [1], from -1.0;"
                        + " its inputs: parameter (2) f64; made at " + line(made[0]));
        assertThat(made[1].item()).as("outside of the trace").isNaN();
    }

    @Test
    void aDivisionThatWhereDiscardsPoisonsTheBackwardPassOnly() {
        Tracing.run(() -> {
            Parameter x = Parameter.of(new double[] {0, 2});
            Parameter divisor = Parameter.of(new double[] {0, 2});
            Tensor quotient = x.div(divisor);
            Tensor loss = Tensor.where(divisor.equalTo(0), divisor, quotient).sum();
            assertThat(loss.item()).isEqualTo(1);
            assertThat(nan(Gradients.of(loss).wrt(x)))
                    .startsWith("a NaN in div (2) f64. It begins here: div (2) f64 is NaN at [0], from 0.0 and 0.0;"
                            + " its inputs: where (2) f64, parameter (2) f64;"
                            + " made for the derivative of div (2) f64, made at " + line(quotient)
                            + ". The div itself");
        });
    }

    @Test
    void theInfiniteSlopeOfARootAtZeroIsNamedWithTheNaNItBecomes() {
        Tracing.run(() -> {
            Parameter x = Parameter.of(new double[] {4, 0});
            Tensor root = x.sqrt();
            Tensor loss = root.times(x).sum();
            assertThat(loss.item()).isEqualTo(8);
            Tensor gradient = Gradients.of(loss).wrt(x);
            assertThat(nan(gradient))
                    .isEqualTo(
                            "a NaN in addN (2) f64. It begins here: times (2) f64 is NaN at [1], from 0.0 and Infinity;"
                                    + " its inputs: times (2) f64, times (2) f64; made for the derivative of sqrt (2) f64, made at "
                                    + line(root)
                                    + ". Before it, what is not finite begins here: reciprocal (2) f64 is Infinity at [1],"
                                    + " from 0.0; its inputs: sqrt (2) f64; made for the derivative of sqrt (2) f64, made at "
                                    + line(root));
        });
    }

    @Test
    void infinitiesAndNaNsThatWereGivenAreHandedOut() {
        Tracing.run(() -> {
            assertThat(Tensor.of(0.0).log().item()).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(Tensor.of(Double.NaN).item()).isNaN();
            Tensor kept = Tensor.of(Double.NaN).negate();
            assertThat(nan(kept))
                    .startsWith("a NaN in negate () f64. It begins here: constant () f64 is NaN; made at ");
            assertThat(nan(kept)).as("also where the value is at hand").startsWith("a NaN in negate () f64");
        });
    }
}
