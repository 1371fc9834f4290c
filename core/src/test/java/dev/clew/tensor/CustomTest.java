package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

final class CustomTest {
    /** y = x³, with results that can be made to break their promises. */
    private record Cube(boolean wrongShape, boolean wrongType, boolean wrongCotangent) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            NDArray x = inputs.getFirst();
            double[] numbers = x.toDoubles();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = numbers[i] * numbers[i] * numbers[i];
            }
            NDArray y = NDArray.of(x.shape(), numbers);
            return wrongShape ? y.reshape(Shape.of(1, numbers.length)) : y.cast(wrongType ? DType.F32 : x.dtype());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor xBar = yBar.times(y.input(0).square().times(3));
            return wrongCotangent ? xBar.sum() : xBar;
        }
    }

    private static final Cube CUBE = new Cube(false, false, false);

    @Test
    void isUsedLikeAnyOtherOperationAtEveryOrder() {
        Parameter x = Parameter.of(new double[] {1, -2});
        Tensor y = CUBE.on(x);
        assertThat(y.describe()).isEqualTo("cube (2) f64");
        assertThat(y.value()).isEqualTo(NDArray.of(new double[] {1, -8}));
        Tensor first = Gradients.of(y.times(2).sum()).wrt(x);
        assertThat(first.value()).isEqualTo(NDArray.of(new double[] {6, 24}));
        Tensor second = Gradients.of(first.sum()).wrt(x);
        assertThat(second.value()).isEqualTo(NDArray.of(new double[] {12, -24}));
        assertThat(Gradients.of(second.sum()).wrt(x).value()).isEqualTo(NDArray.of(new double[] {12, 12}));
    }

    @Test
    void equalComponentsAreEqualOperations() {
        Parameter x = Parameter.of(1.0);
        assertThat(CUBE.on(x).op())
                .isEqualTo(new Cube(false, false, false).on(x).op());
    }

    @Test
    void aBrokenPromiseIsNamed() {
        Parameter x = Parameter.of(new double[] {1, 2});
        assertThatThrownBy(() -> new Cube(true, false, false).on(x).value())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the value of cube (2) f64 is (1, 2) f64:"
                        + " the operation promised (2) f64 by its shape() and dtype()");
        assertThatThrownBy(() -> new Cube(false, true, false).on(x).value())
                .hasMessage("the value of cube (2) f64 is (2) f32:"
                        + " the operation promised (2) f64 by its shape() and dtype()");
        Tensor loss = new Cube(false, false, true).on(x).sum();
        assertThatThrownBy(() -> Gradients.of(loss).wrt(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the vjp of cube (2) f64 for its input 0, parameter (2) f64, gave reshape () f64:"
                        + " a cotangent has the shape and type of what it belongs to");
    }

    /** Of no inputs, and of no type. */
    record Lonely() implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.SCALAR;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return NDArray.of(1.0);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    @Test
    void anOperationWithoutInputsMustSayItsType() {
        assertThatThrownBy(() -> new Lonely().on())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "custom operation dev.clew.tensor.CustomTest$Lonely: without inputs there is no type to take over, so"
                                + " its dtype() must say one");
    }

    /** An operation whose parts may be null, as only a caller without a null checker can write it. */
    @NullUnmarked
    private record Nothing(Shape shape, DType dtype, NDArray value) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return shape;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return dtype;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return value;
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return null;
        }
    }

    @Test
    @NullUnmarked
    void nullIsNamedWhereItComesFrom() {
        Parameter x = Parameter.of(1.0);
        Custom whole = new Nothing(Shape.SCALAR, DType.F64, NDArray.of(2.0));
        assertThatThrownBy(() -> whole.on(x, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing: its argument 0 has null at 1; there is no value for nothing");
        assertThatThrownBy(() -> whole.on((Tensor[]) null))
                .hasMessage("nothing: its argument 0 is null; there is no value for nothing");
        assertThatThrownBy(() -> new Nothing(null, DType.F64, NDArray.of(2.0)).on(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("custom operation dev.clew.tensor.CustomTest$Nothing: its shape() gave null;"
                        + " there is no tensor without");
        assertThatThrownBy(() -> new Nothing(Shape.SCALAR, null, NDArray.of(2.0)).on(x))
                .hasMessageContaining("its dtype() gave null");
        assertThatThrownBy(
                        () -> new Nothing(Shape.SCALAR, DType.F64, null).on(x).value())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the value of nothing () f64 is null:"
                        + " the operation promised () f64 by its shape() and dtype()");
        assertThatThrownBy(() -> Gradients.of(whole.on(x)).wrt(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the vjp of nothing () f64 for its input 0, parameter () f64, gave null:"
                        + " a cotangent has the shape and type of what it belongs to");
    }

    private static final class NoRecord implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.SCALAR;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    @Test
    void onlyARecordIsAnOperation() {
        assertThatThrownBy(() -> new NoRecord().on(Tensor.of(1.0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("custom operation dev.clew.tensor.CustomTest$NoRecord: it must be a record, so that two of"
                        + " them with equal components are known to compute the same;"
                        + " declare it as record NoRecord(...) implements Custom");
        Custom anonymous = new Custom() {
            @Override
            public Shape shape(List<Tensor> inputs) {
                return Shape.SCALAR;
            }

            @Override
            public NDArray value(List<NDArray> inputs) {
                return inputs.getFirst();
            }

            @Override
            public Tensor vjp(Tensor y, int input, Tensor yBar) {
                return yBar;
            }
        };
        assertThat(anonymous.label()).isEqualTo("custom");
        assertThatThrownBy(() -> anonymous.on(Tensor.of(1.0)))
                .hasMessageEndingWith("declare it as record Name(...) implements Custom");
    }
}
