package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import org.junit.jupiter.api.Test;

/** Elementwise operations of integers and truth values, and what they say of types that they do not take. */
final class TypesTest {
    private static final Tensor A =
            Tensor.of(new int[] {7, -7, 7, -7, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, 123456789});
    private static final Tensor B = Tensor.of(new int[] {3, 3, -3, -3, 5, 2, -1, 3, 987654321});
    private static final Tensor FALSE_FALSE_TRUE_TRUE = Tensor.of(NDArray.of(new boolean[] {false, false, true, true}));
    private static final Tensor FALSE_TRUE_FALSE_TRUE = Tensor.of(NDArray.of(new boolean[] {false, true, false, true}));

    /** Not those of what an operand is broadcast or reshaped to. */
    @Test
    void anErrorOfTypesShowsTheShapesThatWereGiven() {
        Tensor wide = Tensor.zeros(DType.F64, 2, 3);
        Tensor single = Tensor.zeros(DType.F32, 3);
        assertThatThrownBy(() -> wide.plus(single)).hasMessageStartingWith("plus (2, 3) f64, (3) f32: ");
        assertThatThrownBy(() -> wide.matmul(single)).hasMessageStartingWith("matmul (2, 3) f64, (3) f32: ");
        Tensor whole = Tensor.of(new int[] {1, 2});
        assertThatThrownBy(() -> whole.matmul(whole)).hasMessageStartingWith("matmul (2) i32: ");
    }

    /** The results of NumPy 2.4 for int32. */
    @Test
    void integersWrapAround() {
        assertThat(A.plus(B).value().toInts())
                .containsExactly(10, -4, 4, -10, 5, -2147483647, 2147483647, -2147483645, 1111111110);
        assertThat(A.minus(B).value().toInts())
                .containsExactly(4, -10, 10, -4, -5, 2147483645, -2147483647, 2147483645, -864197532);
        assertThat(A.times(B).value().toInts())
                .containsExactly(21, -21, -21, 21, 0, -2, -2147483648, -2147483648, -67153019);
        assertThat(A.remainder(B).value().toInts()).containsExactly(1, 2, -2, -1, 0, 1, 0, 1, 123456789);
        assertThat(A.remainder(0).value().toInts()).containsOnly(0);
        assertThat(A.maximum(B).value().toInts()).containsExactly(7, 3, 7, -3, 5, 2147483647, -1, 3, 987654321);
        assertThat(A.minimum(B).value().toInts())
                .containsExactly(3, -7, -3, -7, 0, 2, -2147483648, -2147483648, 123456789);
        assertThat(A.abs().value().toInts())
                .containsExactly(7, 7, 7, 7, 0, 2147483647, -2147483648, -2147483648, 123456789);
        assertThat(A.negate().value().toInts())
                .containsExactly(-7, 7, -7, 7, 0, -2147483647, -2147483648, -2147483648, -123456789);
        assertThat(A.square().value().toInts()).containsExactly(49, 49, 49, 49, 0, 1, 0, 0, -1757895751);
        assertThat(A.sign().value().toInts()).containsExactly(1, -1, 1, -1, 0, 1, -1, -1, 1);
        assertThat(A.plus(1).value().dtype()).isEqualTo(DType.I32);
    }

    @Test
    void integersAreCompared() {
        assertThat(A.equalTo(-7).value().toBooleans())
                .containsExactly(false, true, false, true, false, false, false, false, false);
        assertThat(A.notEqualTo(-7).value().toBooleans())
                .containsExactly(true, false, true, false, true, true, true, true, true);
        assertThat(A.greaterOrEqual(7).value().toBooleans())
                .containsExactly(true, false, true, false, false, true, false, false, true);
        assertThat(A.isNaN().value().toBooleans()).containsOnly(false);
        assertThat(A.isFinite().value().toBooleans()).containsOnly(true);
        assertThat(Tensor.where(A.lessThan(0), A.negate(), A).value())
                .isEqualTo(A.abs().value());
    }

    @Test
    void logic() {
        Tensor a = FALSE_FALSE_TRUE_TRUE;
        Tensor b = FALSE_TRUE_FALSE_TRUE;
        assertThat(a.and(b).value().toBooleans()).containsExactly(false, false, false, true);
        assertThat(a.or(b).value().toBooleans()).containsExactly(false, true, true, true);
        assertThat(a.xor(b).value().toBooleans()).containsExactly(false, true, true, false);
        assertThat(a.not().value().toBooleans()).containsExactly(true, true, false, false);
        assertThat(a.equalTo(b).value().toBooleans()).containsExactly(true, false, false, true);
        assertThat(a.and(b).dtype()).isEqualTo(DType.BOOL);
        assertThat(a.and(Tensor.of(NDArray.of(true))).value()).isEqualTo(a.value());
    }

    @Test
    void integersAndTruthValuesStopGradients() {
        Parameter x = Parameter.of(NDArray.of(new double[] {1.5, -2.5}));
        Tensor counted = x.cast(DType.I32).times(2).plus(1).cast(DType.F64);
        Tensor y = x.times(counted).plus(x.greaterThan(0).not().cast(DType.F64)).sum();
        assertThat(Gradients.of(y).wrt(x).value().toDoubles()).containsExactly(3, -3);
        assertThat(Gradients.of(y).reaches(counted)).isTrue();
    }

    @Test
    void wrongTypes() {
        Tensor x = Tensor.zeros(DType.F64, 2);
        Tensor integers = Tensor.of(new int[] {1, 2});
        Tensor truth = x.greaterThan(0);
        String floating = ": this operation needs floating-point numbers; cast first: .cast(DType.F64)";
        says("div (2) i32" + floating, () -> integers.div(integers));
        says("pow (2) i32" + floating, () -> integers.pow(2));
        says("floor (2) i32" + floating, integers::floor);
        says("relu (2) i32" + floating, integers::relu);
        says("sin (2) bool" + floating, truth::sin);
        String numbers =
                ": this operation needs numbers; cast first: .cast(DType.I32) counts, .cast(DType.F64) has gradients";
        says("plus (2) bool" + numbers, () -> truth.plus(truth));
        says("negate (2) bool" + numbers, truth::negate);
        String logic = ": logic needs truth values; compare first, as in x.greaterThan(0)";
        says("and (2) f64" + logic, () -> x.and(x));
        says("or (2) i32" + logic, () -> integers.or(integers));
        says("xor (2) f64" + logic, () -> x.xor(x));
        says("not (2) i32" + logic, integers::not);
        says("and (2) f64: logic needs truth values; compare first, as in x.greaterThan(0)", () -> truth.and(x));
        says(
                "times (2) i32, () f64: element types do not mix; cast the left one: .cast(DType.F64)",
                () -> integers.times(Tensor.of(0.5)));
        says(
                "clip (2) to 2.0 .. 1.0: the lower bound must not be above the upper one, and neither NaN",
                () -> x.clip(2, 1));
    }
}
