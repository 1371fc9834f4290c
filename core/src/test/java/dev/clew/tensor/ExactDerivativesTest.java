package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** First and second derivatives against exact ones, from one end of the range of numbers to the other. */
final class ExactDerivativesTest {
    /** In units in the last place of the exact derivative, or of the largest addend of a sum with a zero. */
    private static final double BOUND = 8;

    /** Functions that are there as derivatives of others, and whose values these hold. */
    static final Set<String> SLOPES = Set.of(
            "oneMinusSquare",
            "atanSlope",
            "tanhSlope",
            "sigmoidSlope",
            "gaussian",
            "normalDensity",
            "geluTanhGate",
            "hypotSlope",
            "natsSlope",
            "expShare");

    static List<ExactTable> tables() throws IOException {
        return ExactTable.read("exact-derivatives.txt");
    }

    /** One with y' and y'', or two with ∂a, ∂b, ∂aa, ∂ab and ∂bb. */
    private static int inputs(ExactTable table) {
        return table.columns() == 3 ? 1 : 2;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void withinTheBound(ExactTable table) {
        List<double[]> found = inputs(table) == 1 ? ofOne(table) : ofTwo(table);
        for (int column = 0; column < found.size(); column++) {
            for (int i = 0; i < table.rows().size(); i++) {
                List<String> row = table.rows().get(i);
                List<String> exact = Splitter.on('~').splitToList(row.get(inputs(table) + column));
                double error = error(table.type(), found.get(column)[i], exact);
                assertThat(error)
                        .as("%s of %s, derivative %d is %s", table, row, column, found.get(column)[i])
                        .isLessThanOrEqualTo(BOUND);
            }
        }
    }

    private static List<double[]> ofOne(ExactTable table) {
        Parameter x = input(table, 0);
        Tensor slope = Gradients.of(
                        Functions.apply(table.function(), List.of(x)).sum())
                .wrt(x);
        return List.of(numbers(slope), numbers(Gradients.of(slope.sum()).wrt(x)));
    }

    private static List<double[]> ofTwo(ExactTable table) {
        Parameter a = input(table, 0);
        Parameter b = input(table, 1);
        Gradients first =
                Gradients.of(Functions.apply(table.function(), List.of(a, b)).sum());
        Gradients ofA = Gradients.of(first.wrt(a).sum());
        Gradients ofB = Gradients.of(first.wrt(b).sum());
        return Stream.of(first.wrt(a), first.wrt(b), ofA.wrt(a), ofA.wrt(b), ofB.wrt(b))
                .map(ExactDerivativesTest::numbers)
                .toList();
    }

    private static Parameter input(ExactTable table, int column) {
        return Parameter.of(NDArray.of(table.column(column)).cast(table.type()));
    }

    private static double[] numbers(Tensor x) {
        return x.value().toDoubles();
    }

    private static double error(DType type, double found, List<String> exact) {
        double largest = Double.parseDouble(exact.getLast());
        double error = Math.abs(found - Double.parseDouble(exact.getFirst())) / ExactTable.unit(type, largest);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    @Test
    void everyDifferentiableFunctionHasExactDerivatives() throws IOException {
        Set<String> without = new TreeSet<>();
        Stream.of(Unary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        Stream.of(Binary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        without.removeAll(tables().stream().map(ExactTable::function).collect(Collectors.toSet()));
        Set<String> constantBetweenKinks =
                Set.of("negate", "abs", "relu", "plus", "minus", "remainder", "maximum", "minimum");
        // Its slope is a formula of elementary operations.
        without.remove("trigamma");
        without.removeAll(SLOPES);
        assertThat(without).containsExactlyInAnyOrderElementsOf(constantBetweenKinks);
    }
}
