package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Bounds of what is composed: means, products, and functions with a number or a reflection in them. */
final class NumericBoundsTest {
    private static final MathContext DIGITS = MathContext.DECIMAL128;

    private static double epsilon(DType type) {
        return type == DType.F32 ? 0x1p-23 : 0x1p-52;
    }

    private static double[] drawn(DType type, int count, DoubleSupplier number) {
        double[] numbers = new double[count];
        Arrays.setAll(numbers, _ -> type == DType.F32 ? (float) number.getAsDouble() : number.getAsDouble());
        return numbers;
    }

    private static double apart(double found, BigDecimal exact) {
        return new BigDecimal(found).subtract(exact).abs().doubleValue();
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aMeanIsWithinTheBoundOfItsSum(
            @ForAll @IntRange(min = 1, max = 5000) int count, @ForAll boolean single, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = drawn(type, count, () -> random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-10, 11)));
        BigDecimal sum = BigDecimal.ZERO;
        double size = 0;
        for (double each : x) {
            sum = sum.add(new BigDecimal(each));
            size += Math.abs(each);
        }
        double found = Tensor.of(NDArray.of(x).cast(type)).mean().item();
        double bound = (Math.log(count) / Math.log(2) + 16) * epsilon(type) * size / count;
        assertThat(apart(found, sum.divide(new BigDecimal(count), DIGITS))).isLessThanOrEqualTo(bound);
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aProductIsWithinARoundingForEveryFactor(
            @ForAll @IntRange(min = 1, max = 400) int count, @ForAll boolean single, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = drawn(type, count, () -> random.nextDouble(0.9, 1.1) * (random.nextBoolean() ? 1 : -1));
        BigDecimal exact = BigDecimal.ONE;
        for (double each : x) {
            exact = exact.multiply(new BigDecimal(each));
        }
        double found = Tensor.of(NDArray.of(x).cast(type)).prod().item();
        assertThat(apart(found, exact))
                .isLessThanOrEqualTo(count * epsilon(type) * exact.abs().doubleValue());
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void leakyReluIsWithinTwoUnitsForEverySlope(@ForAll boolean single, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        SplittableRandom random = new SplittableRandom(seed);
        double slope = random.nextDouble(-2, 2);
        double[] x = drawn(type, 200, () -> random.nextDouble(-4, 0));
        double[] found =
                Tensor.of(NDArray.of(x).cast(type)).leakyRelu(slope).value().toDoubles();
        for (int i = 0; i < x.length; i++) {
            double unit = ExactTable.unit(type, slope * x[i]);
            BigDecimal exact = new BigDecimal(slope).multiply(new BigDecimal(x[i]));
            assertThat(apart(found[i], exact) / unit).isLessThanOrEqualTo(2);
        }
    }

    /** A product with alpha more than eˣ − 1, which is exact to 1 unit. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void eluIsWithinThreeUnitsForEveryAlpha(@ForAll long seed) throws IOException {
        double alpha = new SplittableRandom(seed).nextDouble(0.01, 4);
        for (ExactTable table : ExactValuesTest.tables()) {
            if (table.function().equals("expm1")) {
                double[] found = Tensor.of(NDArray.of(table.column(0)).cast(table.type()))
                        .elu(alpha)
                        .value()
                        .toDoubles();
                for (int i = 0; i < found.length; i++) {
                    double rounded = table.column(1)[i];
                    if (table.column(0)[i] < 0) {
                        double unit = ExactTable.unit(table.type(), alpha * rounded);
                        BigDecimal rest = new BigDecimal(table.column(2)[i] / 1000)
                                .multiply(new BigDecimal(ExactTable.unit(table.type(), rounded)));
                        BigDecimal exact = new BigDecimal(rounded).add(rest).multiply(new BigDecimal(alpha));
                        assertThat(apart(found[i], exact) / unit)
                                .as("seed %d, %s, alpha %s at %s", seed, table, alpha, table.column(0)[i])
                                .isLessThanOrEqualTo(3);
                    }
                }
            }
        }
    }
}
