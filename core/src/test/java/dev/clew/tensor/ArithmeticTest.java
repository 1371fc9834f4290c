package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.formula.Formula;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Arithmetic is Java's, to the bit, in either precision; sums and products are added in the documented order. */
final class ArithmeticTest {
    private static final int COUNT = 1000;

    /** Any bits: every magnitude, subnormals, infinities and NaN. */
    private static float[] anyFloats(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            numbers[i] = Float.intBitsToFloat(random.nextInt());
        }
        return numbers;
    }

    @Property(tries = 200)
    void singlePrecisionIsJavasFloat(@ForAll long seed) {
        float[] a = anyFloats(seed);
        float[] b = anyFloats(~seed);
        Tensor x = Tensor.of(a);
        Tensor y = Tensor.of(b);
        float[][] found = Tensor.values(
                        x.plus(y),
                        x.minus(y),
                        x.times(y),
                        x.div(y),
                        x.sqrt(),
                        x.square(),
                        x.reciprocal(),
                        Tensor.sum(List.of(x, y, x)),
                        x.maximum(y),
                        x.minimum(y))
                .stream()
                .map(NDArray::toFloats)
                .toArray(float[][]::new);
        for (int i = 0; i < COUNT; i++) {
            float[] expected = {
                a[i] + b[i],
                a[i] - b[i],
                a[i] * b[i],
                a[i] / b[i],
                (float) Math.sqrt(a[i]),
                a[i] * a[i],
                1 / a[i],
                a[i] + b[i] + a[i],
                Math.max(a[i], b[i]),
                Math.min(a[i], b[i])
            };
            for (int op = 0; op < expected.length; op++) {
                assertThat(Float.floatToIntBits(found[op][i]))
                        .as("%d: %s, %s", op, a[i], b[i])
                        .isEqualTo(Float.floatToIntBits(expected[op]));
            }
        }
    }

    @Property(tries = 200)
    void doublePrecisionIsJavasDouble(@ForAll long seed) {
        double[] a = new SplittableRandom(seed)
                .longs(COUNT)
                .mapToDouble(Double::longBitsToDouble)
                .toArray();
        double[] b = new SplittableRandom(~seed)
                .longs(COUNT)
                .mapToDouble(Double::longBitsToDouble)
                .toArray();
        Tensor x = Tensor.of(a);
        Tensor y = Tensor.of(b);
        List<NDArray> found = Tensor.values(x.plus(y), x.minus(y), x.times(y), x.div(y), x.sqrt());
        double[][] expected = new double[5][COUNT];
        for (int i = 0; i < COUNT; i++) {
            expected[0][i] = a[i] + b[i];
            expected[1][i] = a[i] - b[i];
            expected[2][i] = a[i] * b[i];
            expected[3][i] = a[i] / b[i];
            expected[4][i] = Math.sqrt(a[i]);
        }
        for (int op = 0; op < expected.length; op++) {
            assertThat(found.get(op)).isEqualTo(NDArray.of(expected[op]));
        }
    }

    @Test
    void fusedMultiplyAddRoundsOnceInSinglePrecision() {
        double[] a = NDArray.of(anyFloats(1)).toDoubles();
        double[] b = NDArray.of(anyFloats(2)).toDoubles();
        double[] c = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            c[i] = (float) (-a[i] * b[i]);
        }
        Formula fma = Formula.of(3, (precision, x) -> x[0].fma(x[1], x[2]));
        double[] y = fma.evaluate(
                        DType.F32, DType.F32, Shape.of(COUNT), List.of(NDArray.of(a), NDArray.of(b), NDArray.of(c)))
                .toDoubles();
        for (int i = 0; i < COUNT; i++) {
            Float expected = Math.fma((float) a[i], (float) b[i], (float) c[i]);
            assertThat((float) y[i]).isEqualTo(expected);
        }
    }

    // ------------------------------------------------------------------------------------------------- products

    @Property(tries = 300)
    void productsAreFusedMultiplyAddsInOrder(
            @ForAll @IntRange(min = 0, max = 12) int m,
            @ForAll @IntRange(min = 0, max = 9) int k,
            @ForAll @IntRange(min = 0, max = 11) int n,
            @ForAll @IntRange(min = 0, max = 3) int batch,
            @ForAll Layout left,
            @ForAll Layout right,
            @ForAll boolean turnA,
            @ForAll boolean turnB,
            @ForAll boolean single) {
        DType type = single ? DType.F32 : DType.F64;
        NDArray a = left.of(
                Samples.ANYWHERE.draw(m, batch, turnA ? k : m, turnA ? m : k).cast(type));
        NDArray b = right.of(
                Samples.ANYWHERE.draw(n, batch, turnB ? n : k, turnB ? k : n).cast(type));
        NDArray c = new Contraction.MatMul(turnA, turnB)
                .on(Tensor.of(a), Tensor.of(b))
                .value();
        NDArray x = turnA ? a.permute(0, 2, 1) : a;
        NDArray y = turnB ? b.permute(0, 2, 1) : b;
        assertThat(c.shape()).isEqualTo(Shape.of(batch, m, n));
        assertThat(c.dtype()).isEqualTo(type);
        for (int i = 0; i < batch * m * n; i++) {
            double expected = reference(x, y, i / (m * n), i / n % m, i % n);
            assertThat(c.get(i / (m * n), i / n % m, i % n)).isEqualTo(expected);
        }
    }

    private static double reference(NDArray x, NDArray y, int batch, int row, int column) {
        double sum = 0;
        for (int p = 0; p < x.shape().length(2); p++) {
            double a = x.get(batch, row, p);
            double b = y.get(batch, p, column);
            sum = x.dtype() == DType.F64 ? Math.fma(a, b, sum) : Math.fma((float) a, (float) b, (float) sum);
        }
        return sum;
    }

    @Test
    void productsOfRepeatedNumbersAreTheSame() {
        NDArray ones = NDArray.full(0.1, DType.F64, Shape.of(3, 5));
        NDArray copies = Layout.CONTIGUOUS.of(ones);
        NDArray b = Samples.ANYWHERE.draw(1, 5, 4);
        assertThat(ones.matmul(b)).isEqualTo(copies.matmul(b));
        assertThat(b.permute(1, 0).matmul(ones.permute(1, 0)))
                .isEqualTo(b.permute(1, 0).matmul(copies.permute(1, 0)));
    }

    // ------------------------------------------------------------------------------------------------------ sums

    @Property(tries = 200)
    void sumsAreSixteenPartialSumsOfEveryBlockCombinedAsATreeAndBlocksAsATree(
            @ForAll @IntRange(min = 0, max = 2000) int length, @ForAll boolean single, @ForAll Layout layout) {
        DType type = single ? DType.F32 : DType.F64;
        NDArray x = layout.of(Samples.ANYWHERE.draw(length, 2, length).cast(type));
        NDArray found = Tensor.of(x).sum(1).value();
        for (int row = 0; row < 2; row++) {
            double[] numbers = x.rows(row, row + 1).toDoubles();
            double[] blocks = new double[Math.max(1, Math.ceilDiv(length, 256))];
            Arrays.setAll(blocks, i -> {
                double[] block = Arrays.copyOfRange(numbers, 256 * i, Math.min(256 * i + 256, length));
                return single ? floatSum(block) : doubleSum(block);
            });
            double expected = tree(blocks, 0, blocks.length, single);
            assertThat(found.get(row)).isEqualTo(expected);
        }
    }

    /** The largest power of two of blocks, and the rest; each in the same way. */
    private static double tree(double[] blocks, int from, int to, boolean single) {
        if (to - from == 1) {
            return blocks[from];
        }
        int left = Integer.highestOneBit(to - from - 1);
        double sum = tree(blocks, from, from + left, single) + tree(blocks, from + left, to, single);
        return single ? (float) sum : sum;
    }

    private static double doubleSum(double[] x) {
        double[] lane = new double[16];
        for (int i = 0; i < x.length; i++) {
            lane[i % 16] += x[i];
        }
        double[] eight = new double[8];
        Arrays.setAll(eight, i -> lane[i] + lane[i + 8]);
        double[] four = new double[4];
        Arrays.setAll(four, i -> eight[i] + eight[i + 4]);
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    private static double floatSum(double[] x) {
        float[] lane = new float[16];
        for (int i = 0; i < x.length; i++) {
            lane[i % 16] += (float) x[i];
        }
        float[] eight = new float[8];
        for (int i = 0; i < 8; i++) {
            eight[i] = lane[i] + lane[i + 8];
        }
        float[] four = new float[4];
        for (int i = 0; i < 4; i++) {
            four[i] = eight[i] + eight[i + 4];
        }
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}
