package dev.clew.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** The points of one function and type: inputs, then derivatives. */
    record Table(String function, DType type, List<List<String>> rows) {
        @Override
        public String toString() {
            return function + " " + type;
        }

        /** One with y' and y'', or two with ∂a, ∂b, ∂aa, ∂ab and ∂bb. */
        int inputs() {
            return rows.getFirst().size() == 3 ? 1 : 2;
        }
    }

    static List<Table> tables() throws IOException {
        List<Table> tables = new ArrayList<>();
        for (String line : Resources.readLines(
                Resources.getResource(ExactDerivativesTest.class, "exact-derivatives.txt"), UTF_8)) {
            List<String> words = Splitter.on(' ').splitToList(line);
            if (words.size() == 2) {
                DType type = DType.valueOf(words.get(1).toUpperCase(Locale.ROOT));
                tables.add(new Table(words.get(0), type, new ArrayList<>()));
            } else if (!line.startsWith("#")) {
                tables.getLast().rows.add(words);
            }
        }
        return tables;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void withinTheBound(Table table) {
        List<double[]> found = table.inputs() == 1 ? ofOne(table) : ofTwo(table);
        for (int column = 0; column < found.size(); column++) {
            for (int i = 0; i < table.rows.size(); i++) {
                List<String> row = table.rows.get(i);
                List<String> exact = Splitter.on('~').splitToList(row.get(table.inputs() + column));
                double error = error(table.type, found.get(column)[i], exact);
                assertThat(error)
                        .as("%s of %s, derivative %d is %s", table, row, column, found.get(column)[i])
                        .isLessThanOrEqualTo(BOUND);
            }
        }
    }

    private static List<double[]> ofOne(Table table) {
        Parameter x = input(table, 0);
        Tensor slope =
                Gradients.of(Functions.apply(table.function, List.of(x)).sum()).wrt(x);
        return List.of(numbers(slope), numbers(Gradients.of(slope.sum()).wrt(x)));
    }

    private static List<double[]> ofTwo(Table table) {
        Parameter a = input(table, 0);
        Parameter b = input(table, 1);
        Gradients first =
                Gradients.of(Functions.apply(table.function, List.of(a, b)).sum());
        Gradients ofA = Gradients.of(first.wrt(a).sum());
        Gradients ofB = Gradients.of(first.wrt(b).sum());
        return Stream.of(first.wrt(a), first.wrt(b), ofA.wrt(a), ofA.wrt(b), ofB.wrt(b))
                .map(ExactDerivativesTest::numbers)
                .toList();
    }

    private static Parameter input(Table table, int column) {
        double[] points = table.rows.stream()
                .mapToDouble(row -> Double.parseDouble(row.get(column)))
                .toArray();
        return Parameter.of(NDArray.of(points).cast(table.type));
    }

    private static double[] numbers(Tensor x) {
        return x.value().toDoubles();
    }

    private static double error(DType type, double found, List<String> exact) {
        double largest = Double.parseDouble(exact.getLast());
        double unit = type == DType.F32 ? Math.ulp((float) largest) : Math.ulp(largest);
        double error = Math.abs(found - Double.parseDouble(exact.getFirst())) / unit;
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    @Test
    void everyDifferentiableFunctionHasExactDerivatives() throws IOException {
        Set<String> without = new TreeSet<>();
        Stream.of(Unary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        Stream.of(Binary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        without.removeAll(tables().stream().map(Table::function).collect(Collectors.toSet()));
        Set<String> constantBetweenKinks =
                Set.of("negate", "abs", "relu", "plus", "minus", "remainder", "maximum", "minimum");
        // Its slope is a formula of elementary operations.
        without.remove("trigamma");
        without.removeAll(SLOPES);
        assertThat(without).containsExactlyInAnyOrderElementsOf(constantBetweenKinks);
    }
}
