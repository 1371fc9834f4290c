package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.testing.Tries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * First and second derivatives against exact ones, from one end of the range of numbers to the other, and at points that are drawn
 * ({@code -Dclew.seed=n}). The file is what {@code dev.clew.exact} computes; {@code mvn test -pl core -Dtest=ExactDerivativesTest
 * -Dclew.writeGoldens=true} writes it anew, and adds points for a function that is new.
 */
final class ExactDerivativesTest {
    private static final String ADVICE =
            "; either its rule loses digits there, or it is a sum with a zero, as of x·g(x), and"
                    + " dev.clew.exact.Derivatives.addends must say of what, or what Tensor promises of it must be less, here and in its"
                    + " documentation";

    private static final Path FILE = Path.of("src/test/resources/dev/clew/tensor", ExactDerivatives.FILE);
    private static final long SEED = Long.getLong("clew.seed", 1);
    /** Points of each row and type. */
    private static final int POINTS = Tries.times(15);

    /** Of so many lines of the file, one is computed anew; in a longer run, and to write it, all are. */
    private static final int STRIDE = 20;

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
        return ExactTable.read(ExactDerivatives.FILE);
    }

    /** One with y' and y'', or two with ∂a, ∂b, ∂aa, ∂ab and ∂bb. */
    private static int inputs(ExactTable table) {
        return table.columns() == 3 ? 1 : 2;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void withinTheBound(ExactTable table) {
        check(table, ADVICE);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void withinTheBoundAtRandomPointsToo(ExactTable table) {
        List<List<String>> rows = ExactDerivatives.drawn(table.function(), table.type(), SEED, POINTS).stream()
                .map(line -> Splitter.on(' ').splitToList(line))
                .toList();
        check(new ExactTable(table.function(), table.type(), rows), ", at a point from -Dclew.seed=" + SEED + ADVICE);
    }

    private static void check(ExactTable table, String advice) {
        List<double[]> found = inputs(table) == 1 ? ofOne(table) : ofTwo(table);
        for (int column = 0; column < found.size(); column++) {
            for (int i = 0; i < table.rows().size(); i++) {
                List<String> row = table.rows().get(i);
                List<String> exact = Splitter.on('~').splitToList(row.get(inputs(table) + column));
                double error = error(table.type(), found.get(column)[i], exact);
                assertThat(error)
                        .as("%s of %s, derivative %d is %s%s", table, row, column, found.get(column)[i], advice)
                        .isLessThanOrEqualTo(bound(table, i, column));
            }
        }
    }

    private static double bound(ExactTable table, int i, int column) {
        double x = table.column(0)[i];
        return switch (table.function()) {
            // Where b − 1 is rounded, aᵇ⁻¹ is off by so much more, and where b − 2 is, aᵇ⁻² again.
            case "pow" -> {
                double exponent = Math.abs(table.column(1)[i]);
                yield BOUND + (column == 2 ? 3 + 2 * exponent : 1 + exponent) * Math.abs(Math.log(x));
            }
            case "logGamma" ->
                column == 0 ? Math.max(BOUND, Promise.of("digamma", table.type(), table.column(1)[i], x)) : BOUND;
            default -> BOUND;
        };
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
    void theFileIsWhatTheDefinitionsGive() throws IOException {
        if (Boolean.getBoolean("clew.writeGoldens")) {
            Files.writeString(FILE, ExactDerivatives.text(tables(), List.copyOf(without())));
            return;
        }
        int stride = Tries.FACTOR > 1 ? 1 : STRIDE;
        for (ExactTable table : tables()) {
            for (int i = 0; i < table.rows().size(); i += stride) {
                assertThat(String.join(" ", table.rows().get(i)))
                        .as(
                                "%s: a definition in dev.clew.exact.ExactFunctions was changed; write the file anew and read the difference: "
                                        + "mvn test -pl core -Dtest=ExactDerivativesTest -Dclew.writeGoldens=true",
                                table)
                        .isEqualTo(ExactDerivatives.line(table, i));
            }
        }
    }

    @Test
    @DisabledIfSystemProperty(
            named = "clew.writeGoldens",
            matches = "true",
            disabledReason = "reads what was there before")
    void everyDifferentiableFunctionHasExactDerivatives() throws IOException {
        assertThat(without())
                .as("write the file anew: mvn test -pl core -Dtest=ExactDerivativesTest -Dclew.writeGoldens=true")
                .isEmpty();
    }

    private static Set<String> without() throws IOException {
        Set<String> without = new TreeSet<>();
        Stream.of(Unary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        Stream.of(Binary.values()).filter(op -> op.passesGradient(0)).forEach(op -> without.add(op.label()));
        tables().stream().map(ExactTable::function).forEach(without::remove);
        // Constant between kinks.
        without.removeAll(Set.of("negate", "abs", "relu", "plus", "minus", "remainder", "maximum", "minimum"));
        // Its slope is a formula of elementary operations.
        without.remove("trigamma");
        without.removeAll(SLOPES);
        return without;
    }
}
