package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.internal.formula.Formula;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values against exact ones, at the ends of the domains, around every threshold, and where the error was the largest of
 * twenty-five thousand random points.
 */
final class ExactValuesTest {
    static List<ExactTable> tables() throws IOException {
        return ExactTable.read("exact-values.txt");
    }

    /** All columns but the last two, which are the exact value, rounded, and the rest. */
    private static List<double[]> inputs(ExactTable table) {
        return IntStream.range(0, table.columns() - 2).mapToObj(table::column).toList();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void withinTheBound(ExactTable table) {
        List<double[]> inputs = inputs(table);
        double[] found = Functions.values(table.function(), table.type(), inputs);
        double[] exact = table.column(inputs.size());
        double[] rest = table.column(inputs.size() + 1);
        double bound = isRoundedOnce(table) ? 0.51 : isOfGamma(table) ? 4 : 2;
        assertThat(found.length).isGreaterThan(40);
        for (int i = 0; i < found.length; i++) {
            assertThat(error(table.type(), found[i], exact[i], rest[i] / 1000))
                    .as("%s of %s is %s, exactly %s", table, table.rows().get(i), found[i], exact[i])
                    .isLessThanOrEqualTo(isDigammaNearItsZero(table, exact[i]) ? 1e-15 / Math.ulp(exact[i]) : bound);
        }
    }

    private static boolean isOfGamma(ExactTable table) {
        return Set.of("logGamma", "digamma", "trigamma").contains(table.function());
    }

    /** Where the terms cancel, its error is bounded in itself. */
    private static boolean isDigammaNearItsZero(ExactTable table, double exact) {
        return table.function().equals("digamma") && table.type() == DType.F64 && Math.abs(exact) < 1;
    }

    /** Whether the value is that of f64 arithmetic, rounded to f32. */
    private static boolean isRoundedOnce(ExactTable table) {
        boolean isWide = Stream.concat(
                        Stream.of(Unary.values())
                                .filter(op -> op.label().equals(table.function()))
                                .map(Unary::formula),
                        Stream.of(Binary.values())
                                .filter(op -> op.label().equals(table.function()))
                                .map(Binary::formula))
                .anyMatch(Formula::isWide);
        return isWide && table.type() == DType.F32;
    }

    @Test
    void gammaFunctionsHaveTheirZerosAndPoles() {
        double infinite = Double.POSITIVE_INFINITY;
        double[] x = {1, 2, 0, -0.0, -1, -7, infinite, -infinite, Double.NaN};
        assertThat(Functions.values("logGamma", DType.F64, List.of(x)))
                .containsExactly(0, 0, infinite, infinite, infinite, infinite, infinite, infinite, Double.NaN);
        double nan = Double.NaN;
        assertThat(Functions.values("digamma", DType.F64, List.of(x)))
                .endsWith(-infinite, infinite, nan, nan, infinite, nan, nan);
        assertThat(Functions.values("trigamma", DType.F32, List.of(x)))
                .endsWith(infinite, infinite, infinite, infinite, 0, nan, nan);
        // Γ(−½) = −2√π, ψ(−½) = ψ(½) + 2 and ψ'(−½) = ψ'(½) + 4.
        double[] half = {-0.5};
        assertThat(Functions.values("logGamma", DType.F64, List.of(half))[0])
                .isCloseTo(Math.log(2 * Math.sqrt(Math.PI)), within(1e-15));
        assertThat(Functions.values("digamma", DType.F64, List.of(half))[0])
                .isCloseTo(-0.5772156649015329 - 2 * Math.log(2) + 2, within(1e-15));
        assertThat(Functions.values("trigamma", DType.F64, List.of(half))[0])
                .isCloseTo(Math.PI * Math.PI / 2 + 4, within(2e-14));
        double[] nearZero = {1.4616321449683622};
        assertThat(Functions.values("digamma", DType.F64, List.of(nearZero))[0]).isCloseTo(0, within(1e-15));
    }

    /** In units in the last place of the exact value; its rounded part and what that left. */
    private static double error(DType type, double found, double exact, double rest) {
        if (Double.isInfinite(exact) || Double.isInfinite(found) || Double.isNaN(found)) {
            return Functions.apart(type, found, exact);
        }
        return Math.abs((found - exact) / ExactTable.unit(type, exact) - rest);
    }

    @Test
    void nearZeroTheErrorOfLogAddExpIsBoundedInItself() {
        double[] a = {-0.6931471805599453, -0.34378196804751004, -0.5, -2};
        double[] b = {-0.6931471805599453, -1.2347190428956674, -0.9327521295671886, -0.1454134578688591};
        double[] exact = {2.3190468138462996e-17, -2.927288587846496e-16, 4.964190929818499e-18, -3.0069320728406014e-17
        };
        double[] found = Functions.values("logAddExp", DType.F64, List.of(a, b));
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(found[i] - exact[i])).isLessThanOrEqualTo(2e-17);
        }
    }

    @Test
    void everyFunctionHasExactValues() throws IOException {
        Set<String> withValues = tables().stream().map(ExactTable::function).collect(Collectors.toSet());
        Set<String> exactByNature = Set.of(
                "negate",
                "abs",
                "sign",
                "square",
                "floor",
                "ceil",
                "round",
                "relu",
                "isNaN",
                "isFinite",
                "not",
                "stopGradient",
                "powerOfTwo",
                "plus",
                "minus",
                "times",
                "div",
                "remainder",
                "withDerivativeOf",
                "maximum",
                "minimum",
                "equalTo",
                "notEqualTo",
                "lessThan",
                "lessOrEqual",
                "greaterThan",
                "greaterOrEqual",
                "and",
                "or",
                "xor");
        Set<String> without = new TreeSet<>();
        Stream.of(Unary.values()).map(Unary::label).forEach(without::add);
        Stream.of(Binary.values()).map(Binary::label).forEach(without::add);
        without.addAll(List.of("logSigmoid", "elu", "selu", "hardSigmoid"));
        without.removeAll(withValues);
        without.removeAll(ExactDerivativesTest.SLOPES);
        assertThat(without).containsExactlyInAnyOrderElementsOf(exactByNature);
    }
}
