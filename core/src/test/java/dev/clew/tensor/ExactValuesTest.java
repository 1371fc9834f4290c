package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSet;
import dev.clew.array.DType;
import dev.clew.exact.Rounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values against exact ones, at the ends of the domains, around every threshold, and where the error was the largest of
 * twenty-five thousand random points. The file is what {@code dev.clew.exact} computes; {@code mvn test -pl core
 * -Dtest=ExactValuesTest -Dclew.writeGoldens=true} writes it anew, and adds points for a function that is new.
 */
final class ExactValuesTest {
    private static final Path FILE = Path.of("src/test/resources/dev/clew/tensor", ExactValues.FILE);

    /** To which the rest of an exact value is written. */
    private static final double THOUSANDTH = 0.001;

    /** They are as exact as IEEE arithmetic. */
    private static final ImmutableSet<String> BY_NATURE = ImmutableSet.<String>builder()
            .addAll(Promise.CHOICES)
            .addAll(Promise.WITHOUT_DIGITS)
            .add("square", "plus", "minus", "times", "div", "remainder")
            .build();

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
        assertThat(found.length).isGreaterThan(40);
        for (int i = 0; i < found.length; i++) {
            int at = i;
            double[] x = inputs.stream().mapToDouble(input -> input[at]).toArray();
            assertThat(new Rounded(exact[i], rest[i] / 1000).error(table.type(), found[i]))
                    .as("%s of %s is %s, exactly %s", table, table.rows().get(i), found[i], exact[i])
                    .isLessThanOrEqualTo(Promise.of(table.function(), table.type(), exact[i], x) + THOUSANDTH);
        }
    }

    @Test
    void theFileIsWhatTheDefinitionsGive() throws IOException {
        String text = ExactValues.text(
                functions().filter(label -> !BY_NATURE.contains(label)).toList());
        if (Boolean.getBoolean("clew.writeGoldens")) {
            Files.writeString(FILE, text);
        }
        assertThat(Files.readString(FILE).lines())
                .as(
                        "a definition in dev.clew.exact.ExactFunctions was changed, or a function is new; write the file anew and read the "
                                + "difference: mvn test -pl core -Dtest=ExactValuesTest -Dclew.writeGoldens=true")
                .containsExactlyElementsOf(text.lines().toList());
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

    private static Stream<String> functions() {
        return Functions.labels().filter(label -> !ExactDerivativesTest.SLOPES.contains(label));
    }

    @Test
    @DisabledIfSystemProperty(
            named = "clew.writeGoldens",
            matches = "true",
            disabledReason = "reads what was there before")
    void everyFunctionHasExactValues() throws IOException {
        Set<String> without = functions().collect(Collectors.toCollection(TreeSet::new));
        tables().stream().map(ExactTable::function).forEach(without::remove);
        assertThat(without)
                .as("write the file anew: mvn test -pl core -Dtest=ExactValuesTest -Dclew.writeGoldens=true")
                .containsExactlyInAnyOrderElementsOf(BY_NATURE);
    }
}
