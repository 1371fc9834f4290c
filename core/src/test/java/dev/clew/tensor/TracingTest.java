package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
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
}
