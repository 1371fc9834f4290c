package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Zeros with their signs, infinities and NaN, as NumPy 2.4 (for erf, erfc, Φ and σ SciPy 1.17) treats them, and as
 * PyTorch does in activations. */
final class SpecialValuesTest {
    /** Expected at 0, −0, 1, −1, ∞, −∞ and NaN. */
    private static final String UNARY = """
            negate     -0 0 -1 1 -Infinity Infinity NaN
            abs        0 0 1 1 Infinity Infinity NaN
            sign       0 0 1 -1 1 -1 NaN
            square     0 0 1 1 Infinity Infinity NaN
            sqrt       0 -0 1 NaN Infinity NaN NaN
            reciprocal Infinity -Infinity 1 -1 0 -0 NaN
            floor      0 -0 1 -1 Infinity -Infinity NaN
            ceil       0 -0 1 -1 Infinity -Infinity NaN
            round      0 -0 1 -1 Infinity -Infinity NaN
            exp        1 1 2.718281828459045 0.36787944117144233 Infinity 0 NaN
            expm1      0 -0 1.7182818284590453 -0.6321205588285577 Infinity -1 NaN
            log        -Infinity -Infinity 0 NaN Infinity NaN NaN
            log1p      0 -0 0.6931471805599453 -Infinity Infinity NaN NaN
            log2       -Infinity -Infinity 0 NaN Infinity NaN NaN
            sin        0 -0 0.8414709848078965 -0.8414709848078965 NaN NaN NaN
            cos        1 1 0.5403023058681398 0.5403023058681398 NaN NaN NaN
            tan        0 -0 1.5574077246549023 -1.5574077246549023 NaN NaN NaN
            asin       0 -0 1.5707963267948966 -1.5707963267948966 NaN NaN NaN
            acos       1.5707963267948966 1.5707963267948966 0 3.141592653589793 NaN NaN NaN
            atan       0 -0 0.7853981633974483 -0.7853981633974483 1.5707963267948966 -1.5707963267948966 NaN
            sinh       0 -0 1.1752011936438014 -1.1752011936438014 Infinity -Infinity NaN
            cosh       1 1 1.5430806348152437 1.5430806348152437 Infinity Infinity NaN
            tanh       0 -0 0.7615941559557649 -0.7615941559557649 1 -1 NaN
            erf        0 -0 0.8427007929497148 -0.8427007929497148 1 -1 NaN
            erfc       1 1 0.15729920705028516 1.8427007929497148 0 2 NaN
            normalCdf  0.5 0.5 0.8413447460685429 0.15865525393145707 1 0 NaN
            sigmoid    0.5 0.5 0.7310585786300049 0.2689414213699951 1 0 NaN
            softsign   0 -0 0.5 -0.5 NaN NaN NaN
            silu       0 -0 0.7310585786300049 -0.2689414213699951 Infinity NaN NaN
            gelu       0 -0 0.8413447460685429 -0.15865525393145707 Infinity NaN NaN
            geluTanh   0 -0 0.8411919906082768 -0.15880800939172324 Infinity NaN NaN
            logGamma   Infinity Infinity 0 Infinity Infinity Infinity NaN
            digamma    -Infinity Infinity -0.5772156649015329 NaN Infinity NaN NaN
            trigamma   Infinity Infinity 1.6449340668482264 Infinity 0 NaN NaN
            oneMinusSquare 1 1 0 0 -Infinity -Infinity NaN
            atanSlope  1 1 0.5 0.5 0 0 NaN
            tanhSlope  1 1 0.41997434161402614 0.41997434161402614 0 0 NaN
            sigmoidSlope 0.25 0.25 0.19661193324148185 0.19661193324148185 0 0 NaN
            gaussian   1 1 0.36787944117144233 0.36787944117144233 0 0 NaN
            normalDensity 0.3989422804014327 0.3989422804014327 0.24197072451914337 0.24197072451914337 0 0 NaN
            geluTanhGate 0.5 0.5 0.8411919906082767 0.1588080093917233 1 0 NaN
            isNaN      0 0 0 0 0 0 1
            isFinite   1 1 1 1 0 0 0
            """;

    private static final String UNARY_AT = "0 -0 1 -1 Infinity -Infinity NaN";

    /** A row for every a, a column for every b. */
    private static final String POW = """
            1 1 0 Infinity 0 0 Infinity 0 0 Infinity NaN
            1 1 -0 -Infinity 0 0 Infinity -0 0 Infinity NaN
            1 1 1 1 1 1 1 1 1 1 1
            1 1 -1 -1 NaN 1 1 -1 1 1 NaN
            1 1 0.5 2 0.7071067811865476 0.25 4 0.125 0 Infinity NaN
            1 1 2 0.5 1.4142135623730951 4 0.25 8 Infinity 0 NaN
            1 1 -2 -0.5 NaN 4 0.25 -8 Infinity 0 NaN
            1 1 3 0.3333333333333333 1.7320508075688772 9 0.1111111111111111 27 Infinity 0 NaN
            1 1 Infinity 0 Infinity Infinity 0 Infinity Infinity 0 NaN
            1 1 -Infinity -0 Infinity Infinity 0 -Infinity Infinity 0 NaN
            1 1 NaN NaN NaN NaN NaN NaN NaN NaN NaN
            """;

    private static final String POW_AT = "0 -0 1 -1 0.5 2 -2 3 Infinity -Infinity NaN";

    private static final String ATAN2 = """
            0 3.141592653589793 0 3.141592653589793 0 0 3.141592653589793 NaN
            -0 -3.141592653589793 -0 -3.141592653589793 -0 -0 -3.141592653589793 NaN
            1.5707963267948966 1.5707963267948966 0.7853981633974483 2.356194490192345 0.4636476090008061 0 3.141592653589793 NaN
            -1.5707963267948966 -1.5707963267948966 -0.7853981633974483 -2.356194490192345 -0.4636476090008061 -0 -3.141592653589793 NaN
            1.5707963267948966 1.5707963267948966 1.1071487177940904 2.0344439357957027 0.7853981633974483 0 3.141592653589793 NaN
            1.5707963267948966 1.5707963267948966 1.5707963267948966 1.5707963267948966 1.5707963267948966 0.7853981633974483 2.356194490192345 NaN
            -1.5707963267948966 -1.5707963267948966 -1.5707963267948966 -1.5707963267948966 -1.5707963267948966 -0.7853981633974483 -2.356194490192345 NaN
            NaN NaN NaN NaN NaN NaN NaN NaN
            """;

    private static final String REMAINDER = """
            NaN NaN 0 -0 0 0 -0 NaN
            NaN NaN 0 -0 0 0 -0 NaN
            NaN NaN 0 -0 1 1 -Infinity NaN
            NaN NaN 0 -0 1 Infinity -1 NaN
            NaN NaN 0 -0 0 2 -Infinity NaN
            NaN NaN NaN NaN NaN NaN NaN NaN
            NaN NaN NaN NaN NaN NaN NaN NaN
            NaN NaN NaN NaN NaN NaN NaN NaN
            """;

    private static final String LOG_ADD_EXP = """
            0.6931471805599453 0.6931471805599453 1.3132616875182228 0.31326168751822286 2.1269280110429727 Infinity 0 NaN
            0.6931471805599453 0.6931471805599453 1.3132616875182228 0.31326168751822286 2.1269280110429727 Infinity 0 NaN
            1.3132616875182228 1.3132616875182228 1.6931471805599454 1.1269280110429725 2.313261687518223 Infinity 1 NaN
            0.31326168751822286 0.31326168751822286 1.1269280110429725 -0.3068528194400547 2.048587351573742 Infinity -1 NaN
            2.1269280110429727 2.1269280110429727 2.313261687518223 2.048587351573742 2.6931471805599454 Infinity 2 NaN
            Infinity Infinity Infinity Infinity Infinity Infinity Infinity NaN
            0 0 1 -1 2 Infinity -Infinity NaN
            NaN NaN NaN NaN NaN NaN NaN NaN
            """;

    private static final String LARGER_LEFT = "0 -0 0 NaN 1 NaN -Infinity";
    private static final String LARGER_RIGHT = "-0 0 -1 1 NaN NaN 3";

    private static final String BINARY_AT = "0 -0 1 -1 2 Infinity -Infinity NaN";

    /** A function at some points, in one type or in both. */
    record Row(String name, boolean inDoubleOnly, String expected, List<double[]> inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String expected, String... inputs) {
        return new Row(
                name,
                false,
                expected,
                Stream.of(inputs).map(SpecialValuesTest::numbers).toList());
    }

    private static Row inDouble(String name, String expected, String... inputs) {
        return new Row(name, true, expected, row(name, expected, inputs).inputs);
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : UNARY.lines().toList()) {
            List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(line);
            rows.add(row(words.getFirst(), String.join(" ", words.subList(1, words.size())), UNARY_AT));
        }
        table(rows, "pow", POW, POW_AT);
        table(rows, "atan2", ATAN2, BINARY_AT);
        table(rows, "remainder", REMAINDER, BINARY_AT);
        table(rows, "logAddExp", LOG_ADD_EXP, BINARY_AT);
        rows.add(row(
                "hypot",
                "0 0 5 3 Infinity Infinity NaN NaN",
                "0 -0 3 -3 Infinity NaN 1 NaN",
                "0 -0 4 0 NaN -Infinity NaN NaN"));
        rows.add(row(
                "hypotSlope",
                "0 0.6 -0.6 1 1 0 -1 NaN NaN",
                "0 3 -3 1 Infinity 2 -Infinity NaN Infinity",
                "0 4 4 0 2 -Infinity 0 1 NaN"));
        rows.add(row("nats", "0 Infinity Infinity 0 NaN NaN", "0 -Infinity 0 Infinity NaN 0", "0 1 Infinity 1 1 NaN"));
        rows.add(row("natsSlope", "0 1 0.5 0 NaN NaN", "0 -Infinity 0 Infinity NaN 0", "0 1 1 1 1 NaN"));
        rows.add(row(
                "xlogy",
                "0 0 0 -Infinity 0 Infinity NaN NaN NaN",
                "0 0 0 1 2 -1 1 NaN 0",
                "0 Infinity -1 0 1 0 -1 1 NaN"));
        rows.add(row(
                "expShare",
                "0.5 0 1 0.5 0.5 0 NaN",
                "0 0 Infinity Infinity -Infinity -Infinity NaN",
                "0 Infinity 1 Infinity -Infinity 1 0"));
        rows.add(row("withDerivativeOf", "-0 NaN -Infinity 1", "-0 NaN -Infinity 1", "1 2 NaN NaN"));
        rows.add(row("relu", "0 0 1 0 Infinity 0 NaN", UNARY_AT));
        // NumPy leaves open which zero is the larger; here it is 0, and −0 the smaller.
        rows.add(row("maximum", "0 0 0 NaN NaN NaN 3", LARGER_LEFT, LARGER_RIGHT));
        rows.add(row("minimum", "-0 -0 -1 NaN NaN NaN -Infinity", LARGER_LEFT, LARGER_RIGHT));
        comparisons(rows);
        rounding(rows);
        // Exact whatever the quotient is: the last four are % of Python.
        rows.add(inDouble(
                "remainder",
                "1 2 -2 -1 -0.5 1 6 0.04488848768742176 0.09999999999999998",
                "7 -7 7 -7 5.5 1e300 -1e300 1e16 0.3",
                "3 3 -3 -3 -2 7 7 0.1 0.1"));
        return rows;
    }

    private static void comparisons(List<Row> rows) {
        String a = "NaN 1 NaN 0 1 2 Infinity -Infinity";
        String b = "NaN NaN 1 -0 2 1 Infinity 0";
        rows.add(row("equalTo", "0 0 0 1 0 0 1 0", a, b));
        rows.add(row("notEqualTo", "1 1 1 0 1 1 0 1", a, b));
        rows.add(row("lessThan", "0 0 0 0 1 0 0 1", a, b));
        rows.add(row("lessOrEqual", "0 0 0 1 1 0 1 1", a, b));
        rows.add(row("greaterThan", "0 0 0 0 0 1 0 0", a, b));
        rows.add(row("greaterOrEqual", "0 0 0 1 0 1 1 0", a, b));
    }

    private static void rounding(List<Row> rows) {
        String x = "0.5 -0.5 1.5 2.5 -2.5 -0.4 8388607.5 1e30 -1e30";
        rows.add(row("floor", "0 -1 1 2 -3 -1 8388607 1e30 -1e30", x));
        rows.add(row("ceil", "1 -0 2 3 -2 -0 8388608 1e30 -1e30", x));
        rows.add(row("round", "0 -0 2 2 -2 -0 8388608 1e30 -1e30", x));
        String large = "0.49999999999999994 4503599627370495.5 4503599627370497 -9007199254740991";
        rows.add(inDouble("floor", "0 4503599627370495 4503599627370497 -9007199254740991", large));
        rows.add(inDouble("ceil", "1 4503599627370496 4503599627370497 -9007199254740991", large));
        rows.add(inDouble("round", "0 4503599627370496 4503599627370497 -9007199254740991", large));
    }

    /** A row of the table for every a, a column for every b. */
    private static void table(List<Row> rows, String name, String table, String at) {
        double[] b = numbers(at);
        List<String> lines = table.lines().toList();
        for (int i = 0; i < b.length; i++) {
            double[] a = new double[b.length];
            Arrays.fill(a, b[i]);
            rows.add(new Row(name, false, lines.get(i), List.of(a, b)));
        }
    }

    /** The functions whose special values are checked here. */
    static Set<String> names() {
        return rows().stream().map(Row::name).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void valuesAreThoseOfNumPy(Row row) {
        check(row, DType.F64);
        if (!row.inDoubleOnly) {
            check(row, DType.F32);
        }
    }

    @Test
    void comparedWithANumberTheOrderIsThatOfTheMethod() {
        Tensor x = Tensor.of(numbers("NaN 1 -1 0"));
        assertThat(x.greaterOrEqual(0).value().toBooleans()).containsExactly(false, true, false, true);
        assertThat(x.greaterThan(0).value().toBooleans()).containsExactly(false, true, false, false);
        assertThat(x.lessOrEqual(0).value().toBooleans()).containsExactly(false, false, true, true);
        assertThat(x.lessThan(0).value().toBooleans()).containsExactly(false, false, true, false);
    }

    /** Zeros, infinities and NaN to the bit, other numbers within two of the type. */
    private static void check(Row row, DType type) {
        double[] found = Functions.values(row.name, type, row.inputs);
        double[] wanted = numbers(row.expected);
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.length; i++) {
            double exact = type == DType.F32 ? (float) wanted[i] : wanted[i];
            boolean isSpecial = exact == 0 || Double.isInfinite(exact) || Math.rint(exact) == exact;
            assertThat(Functions.apart(type, found[i], exact))
                    .as("%s %s, number %d of %s is %s", row, type, i, row.expected, found[i])
                    .isLessThanOrEqualTo(isSpecial ? 0 : 2);
        }
    }

    private static double[] numbers(String line) {
        return Splitter.on(' ')
                .omitEmptyStrings()
                .splitToStream(line.strip())
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
