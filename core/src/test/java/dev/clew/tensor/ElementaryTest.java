package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elementary functions against references with forty digits (f64) or in double (f32), and at the edges of numbers. */
final class ElementaryTest {
    private static final MathContext DIGITS = new MathContext(40);
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal LN2 =
            new BigDecimal("0.693147180559945309417232121458176568075500134360255254120680009493");
    private static final double ULPS = 2;
    private static final int POINTS = 2000;

    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    // ------------------------------------------------------------------------------------------------- references

    /** eˣ = 2ⁿ·eʳ by Taylor's series. */
    private static BigDecimal exp(BigDecimal x) {
        BigDecimal n = x.divide(LN2, 0, java.math.RoundingMode.HALF_EVEN);
        BigDecimal r = x.subtract(n.multiply(LN2));
        BigDecimal term = ONE;
        BigDecimal sum = ONE;
        for (int i = 1; i < 40; i++) {
            term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term);
        }
        return sum.multiply(TWO.pow(n.intValueExact(), DIGITS), DIGITS);
    }

    /** ln x = e·ln 2 + 2·artanh((m − 1)/(m + 1)), with m near 1. */
    private static BigDecimal log(double x) {
        int e = Math.getExponent(Math.nextUp(x) < 0x1p-1000 ? x * 0x1p60 : x);
        e = x < 0x1p-1000 ? e - 60 : e;
        BigDecimal m = new BigDecimal(x).divide(TWO.pow(e, new MathContext(1200)), new MathContext(1200));
        if (m.doubleValue() > 1.4) {
            m = m.divide(TWO);
            e++;
        }
        BigDecimal s = m.subtract(ONE).divide(m.add(ONE), DIGITS);
        BigDecimal square = s.multiply(s, DIGITS);
        BigDecimal power = s;
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 1; i < 70; i += 2) {
            sum = sum.add(power.divide(BigDecimal.valueOf(i), DIGITS), DIGITS);
            power = power.multiply(square, DIGITS);
        }
        return BigDecimal.valueOf(e).multiply(LN2).add(sum.multiply(TWO));
    }

    private static BigDecimal tanh(double x) {
        if (Math.abs(x) < 1e-8) {
            BigDecimal exact = new BigDecimal(x);
            return exact.subtract(exact.pow(3).divide(BigDecimal.valueOf(3), DIGITS));
        }
        BigDecimal e = exp(new BigDecimal(x).multiply(TWO));
        return e.subtract(ONE).divide(e.add(ONE), DIGITS);
    }

    private static BigDecimal sigmoid(double x) {
        BigDecimal e = exp(new BigDecimal(x));
        return e.divide(e.add(ONE), DIGITS);
    }

    // --------------------------------------------------------------------------------------------------- accuracy

    /** The largest error in units in the last place of the exact value's double. */
    private static double worst(Unary op, double[] points, Function<Double, BigDecimal> exact) {
        double[] found = op.on(Tensor.of(points)).value().toDoubles();
        double worst = 0;
        for (int i = 0; i < points.length; i++) {
            BigDecimal reference = exact.apply(points[i]);
            double ulp = Math.ulp(reference.doubleValue());
            double error = new BigDecimal(found[i])
                    .subtract(reference)
                    .divide(new BigDecimal(ulp), MathContext.DECIMAL64)
                    .doubleValue();
            worst = Math.max(worst, Math.abs(error));
        }
        return worst;
    }

    private static double[] uniform(double low, double high) {
        return new SplittableRandom(17).doubles(POINTS, low, high).toArray();
    }

    /** Of every magnitude between two powers of two, both signs if asked. */
    private static double[] magnitudes(int least, int most, boolean negative) {
        SplittableRandom random = new SplittableRandom(19);
        double[] points = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double size = Math.scalb(random.nextDouble(1, 2), random.nextInt(least, most));
            points[i] = negative && random.nextBoolean() ? -size : size;
        }
        return points;
    }

    @Test
    void exp() {
        Function<Double, BigDecimal> exact = x -> exp(new BigDecimal(x));
        assertThat(worst(Unary.EXP, uniform(-708, 709.78), exact)).isLessThan(ULPS);
        assertThat(worst(Unary.EXP, uniform(709.7, 709.782712893384), exact)).isLessThan(ULPS);
        assertThat(worst(Unary.EXP, uniform(-745, -708), exact))
                .as("subnormal results")
                .isLessThan(ULPS);
        assertThat(worst(Unary.EXP, uniform(-1, 1), exact)).isLessThan(ULPS);
        assertThat(worst(Unary.EXP, magnitudes(-300, 0, true), exact)).isLessThan(ULPS);
    }

    @Test
    void log() {
        assertThat(worst(Unary.LOG, magnitudes(-1021, 1023, false), ElementaryTest::log))
                .isLessThan(ULPS);
        assertThat(worst(Unary.LOG, uniform(0.5, 2), ElementaryTest::log)).isLessThan(ULPS);
        assertThat(worst(Unary.LOG, uniform(0.999, 1.001), ElementaryTest::log)).isLessThan(ULPS);
        double[] subnormal = new SplittableRandom(3)
                .longs(POINTS, 1, 1L << 52)
                .mapToDouble(Double::longBitsToDouble)
                .toArray();
        assertThat(worst(Unary.LOG, subnormal, ElementaryTest::log)).isLessThan(ULPS);
        double[] edges = {Double.MIN_VALUE, Double.MIN_NORMAL, Math.nextUp(1), Math.nextDown(1), Double.MAX_VALUE};
        assertThat(worst(Unary.LOG, edges, ElementaryTest::log)).isLessThan(ULPS);
    }

    @Test
    void tanh() {
        assertThat(worst(Unary.TANH, uniform(-1, 1), ElementaryTest::tanh)).isLessThan(ULPS);
        assertThat(worst(Unary.TANH, uniform(0.6, 0.65), ElementaryTest::tanh)).isLessThan(ULPS);
        assertThat(worst(Unary.TANH, uniform(-25, 25), ElementaryTest::tanh)).isLessThan(ULPS);
        assertThat(worst(Unary.TANH, magnitudes(-200, 4, true), ElementaryTest::tanh))
                .isLessThan(ULPS);
    }

    @Test
    void sigmoid() {
        assertThat(worst(Unary.SIGMOID, uniform(-40, 40), ElementaryTest::sigmoid))
                .isLessThan(ULPS);
        assertThat(worst(Unary.SIGMOID, uniform(-1, 1), ElementaryTest::sigmoid))
                .isLessThan(ULPS);
        assertThat(worst(Unary.SIGMOID, uniform(-745, -30), ElementaryTest::sigmoid))
                .isLessThan(ULPS);
    }

    @Test
    void sqrtAndReciprocalAreExactlyRounded() {
        double[] points = magnitudes(-1022, 1023, false);
        double[] root = Tensor.of(points).sqrt().value().toDoubles();
        double[] inverse = Tensor.of(points).reciprocal().value().toDoubles();
        for (int i = 0; i < points.length; i++) {
            assertThat(root[i]).isEqualTo(StrictMath.sqrt(points[i]));
            assertThat(inverse[i]).isEqualTo(1 / points[i]);
        }
    }

    @Test
    void singlePrecision() {
        DoubleUnaryOperator sigmoid = x -> 1 / (1 + StrictMath.exp(-x));
        assertThat(worstSingle(Unary.EXP, StrictMath::exp, -104, 88.72)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.EXP, StrictMath::exp, -1, 1)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.LOG, StrictMath::log, 0, 10)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.LOG, StrictMath::log, 0, Float.MAX_VALUE)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.LOG, StrictMath::log, Float.MIN_VALUE, Float.MIN_NORMAL))
                .isLessThan(ULPS);
        assertThat(worstSingle(Unary.TANH, StrictMath::tanh, -12, 12)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.TANH, StrictMath::tanh, -0.7, 0.7)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.TANH, StrictMath::tanh, -1e-20, 1e-20)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.SIGMOID, sigmoid, -104, 20)).isLessThan(ULPS);
        assertThat(worstSingle(Unary.SQRT, StrictMath::sqrt, 0, 1e30)).isLessThanOrEqualTo(0.5);
        assertThat(worstSingle(Unary.RECIPROCAL, x -> 1 / x, 1e-30, 1e30)).isLessThanOrEqualTo(0.5);
    }

    private static double worstSingle(Unary op, DoubleUnaryOperator exact, double low, double high) {
        SplittableRandom random = new SplittableRandom(23);
        float[] points = new float[20 * POINTS];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) random.nextDouble(low, high);
        }
        float[] found = op.on(Tensor.of(points)).value().toFloats();
        double worst = 0;
        for (int i = 0; i < points.length; i++) {
            double reference = exact.applyAsDouble(points[i]);
            worst = Math.max(worst, Math.abs(found[i] - reference) / Math.ulp((float) reference));
        }
        return worst;
    }

    // ------------------------------------------------------------------------------------------------------ edges

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32"})
    void specialValues(DType type) {
        double[] x = {0.0, -0.0, INFINITY, -INFINITY, NAN};
        special(type, Unary.EXP, x, 1, 1, INFINITY, 0, NAN);
        special(type, Unary.LOG, x, -INFINITY, -INFINITY, INFINITY, NAN, NAN);
        special(type, Unary.TANH, x, 0.0, -0.0, 1, -1, NAN);
        special(type, Unary.SIGMOID, x, 0.5, 0.5, 1, 0, NAN);
        special(type, Unary.SQRT, x, 0.0, -0.0, INFINITY, NAN, NAN);
        special(type, Unary.RECIPROCAL, x, INFINITY, -INFINITY, 0.0, -0.0, NAN);
        special(type, Unary.ABS, x, 0.0, 0.0, INFINITY, INFINITY, NAN);
        special(type, Unary.SIGN, x, 0.0, 0.0, 1, -1, NAN);
        special(type, Unary.NEGATE, x, -0.0, 0.0, -INFINITY, INFINITY, NAN);
        special(type, Unary.SQUARE, x, 0.0, 0.0, INFINITY, INFINITY, NAN);
        special(type, Unary.STOP_GRADIENT, x, x);
    }

    @Test
    void overflowUnderflowAndNegativeArguments() {
        special(DType.F64, Unary.EXP, new double[] {709.79, 1e308, -745.2, -1e308}, INFINITY, INFINITY, 0, 0);
        special(DType.F64, Unary.EXP, new double[] {-745.1}, Double.MIN_VALUE);
        special(DType.F32, Unary.EXP, new double[] {88.73, 1e38, -104, -1e38}, INFINITY, INFINITY, 0, 0);
        special(DType.F64, Unary.LOG, new double[] {1, -1, -Double.MIN_VALUE, -1e308}, 0, NAN, NAN, NAN);
        special(DType.F64, Unary.TANH, new double[] {20, -20, 1e308, Double.MIN_VALUE}, 1, -1, 1, Double.MIN_VALUE);
        special(DType.F64, Unary.SIGMOID, new double[] {40, 1e308, -1e308}, 1, 1, 0);
    }

    private static void special(DType type, Unary op, double[] x, double... expected) {
        double[] found = op.on(Tensor.of(NDArray.of(x).cast(type))).value().toDoubles();
        assertThat(found).as("%s %s", op, type).containsExactly(expected);
        for (int i = 0; i < found.length; i++) {
            boolean isNegative = Double.doubleToRawLongBits(found[i]) < 0;
            boolean shouldBe = Double.doubleToRawLongBits(expected[i]) < 0;
            assertThat(isNegative || Double.isNaN(found[i]))
                    .as("sign of %s %s at %s", op, type, x[i])
                    .isEqualTo(shouldBe || Double.isNaN(expected[i]));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Unary.class, mode = EnumSource.Mode.EXCLUDE, names = "NOT")
    void bitsDoNotDependOnPositionLayoutOrNeighbors(Unary op) {
        for (DType type : List.of(DType.F64, DType.F32)) {
            NDArray all = NDArray.of(magnitudes(-12, 6, true)).cast(type);
            NDArray together = op.on(Tensor.of(all)).value();
            for (int length : new int[] {1, 2, 127, 128, 129, 511, 512, 513, 1025}) {
                NDArray part = all.rows(3, 3 + length);
                List<NDArray> ways = new ArrayList<>();
                for (Layout layout : Layout.values()) {
                    ways.add(op.on(Tensor.of(layout.of(part))).value());
                }
                assertThat(ways).allMatch(together.rows(3, 3 + length)::equals);
            }
        }
    }
}
