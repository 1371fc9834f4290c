package dev.clew.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The right gradients by hand are held against the automatic one, the wrong ones also against golden measures. */
class SingleDefectsTest {
    private static final double TOLERANCE = 1e-10;
    private static final Set<String> ALL = Set.of("Wx", "Wh", "b", "Wy", "c", "h0");
    private static final Set<String> BELOW = Set.of("Wx", "Wh", "b", "h0");

    @Property(tries = 10)
    void withoutADefectAllIsRight(@ForAll TargetLoss loss, @ForAll long seed) {
        Compared compared = Compared.of(SingleDefects.of(Defect.NONE, loss), seed);
        assertThat(compared.off().keySet()).isEqualTo(compared.names());
        assertThat(compared.wrong(TOLERANCE)).isEmpty();
        assertThat(compared.adjoints()).isLessThan(TOLERANCE);
        assertThat(compared.forward()).isLessThan(TOLERANCE);
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                Arguments.of(Defect.SIGN, ALL),
                Arguments.of(Defect.NO_TRANSPOSE, BELOW),
                Arguments.of(Defect.SAME_STATE, Set.of("Wh")),
                Arguments.of(Defect.NO_RECURRENT_PATH, Set.of("Wx", "Wh", "b")),
                Arguments.of(Defect.INPUT_GRADIENT_DROPPED, Set.of("Wx")),
                Arguments.of(Defect.SHORTCUT, ALL),
                Arguments.of(Defect.FIRST_STEP_LEFT_OUT, Set.of("Wh")));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aDefectIsWrongInItsParameters(Defect defect, Set<String> wrong) {
        for (int seed = 0; seed < 10; seed++) {
            Compared compared = Compared.of(SingleDefects.of(defect, TargetLoss.CROSS_ENTROPY), seed);
            assertThat(compared.wrong(1e-6)).isEqualTo(wrong);
            assertThat(compared.wrong(TOLERANCE)).isEqualTo(wrong);
            assertThat(compared.forward()).isLessThan(TOLERANCE);
        }
    }

    @Test
    void anIgnoredEpsilonIsWrongByItsSize() {
        Tutorial tutorial = SingleDefects.of(Defect.EPSILON_IGNORED, TargetLoss.CROSS_ENTROPY_WITH_EPSILON);
        for (int seed = 0; seed < 10; seed++) {
            Compared compared = Compared.of(tutorial, seed);
            assertThat(compared.wrong(1e-9)).isEqualTo(ALL);
            assertThat(compared.wrong(1e-4)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUMS_KEPT", "CARRY_KEPT"})
    void whatIsKeptShowsAtTheSecondCall(Defect defect) {
        Tutorial tutorial = SingleDefects.of(defect, TargetLoss.CROSS_ENTROPY);
        Map<String, NDArray> point = tutorial.point(RandomKey.of(6));
        HandWritten code = tutorial.handWritten();
        assertThat(new Compared(tutorial.model(), code, point).wrong(TOLERANCE)).isEmpty();
        assertThat(new Compared(tutorial.model(), code, point).wrong(1e-3))
                .isEqualTo(defect == Defect.CARRY_KEPT ? BELOW : Set.of("Wx", "Wh", "b", "Wy", "c"));
    }

    @Test
    void thoseOfHelloAreAsFarOffAsMeasured() {
        for (JsonObject one : Golden.cases(Golden.read("hello.json"))) {
            Map<String, String> names = Map.of("U", "Wx", "W", "Wh", "b", "b", "V", "Wy", "c", "c");
            Map<String, NDArray> point = symbols(one, names, 4, 4);
            point.put("h0", GoldenPoints.column(one.get("h0")));
            expect(one, names, point, Defect.SAME_STATE, TargetLoss.CROSS_ENTROPY, "error_of_defect_h_prev_equals_h");
            expect(one, names, point, Defect.NO_RECURRENT_PATH, TargetLoss.CROSS_ENTROPY, "error_of_defect_no_bptt");
        }
    }

    @Test
    void thoseOfSquaredErrorAreAsFarOffAsMeasured() {
        for (JsonObject one : Golden.cases(Golden.read("squared_error.json"))) {
            Map<String, String> names = Map.of("Wxh", "Wx", "Whh", "Wh", "bh", "b", "Why", "Wy", "by", "c");
            Map<String, NDArray> point = symbols(one, names, 6, 5);
            point.put("h0", GoldenPoints.column(new double[7]));
            expect(one, names, point, Defect.SIGN, TargetLoss.SQUARED_ERROR, "error_of_defect_sign");
            expect(one, names, point, Defect.NO_TRANSPOSE, TargetLoss.SQUARED_ERROR, "error_of_defect_missing");
        }
    }

    /** The weights of a case under other names, and its symbols as one-hot columns. */
    private static Map<String, NDArray> symbols(JsonObject one, Map<String, String> names, int in, int out) {
        Map<String, NDArray> point = new LinkedHashMap<>();
        GoldenPoints.weights(one.get("weights"))
                .forEach((name, array) -> point.put(names.getOrDefault(name, ""), array));
        int[] inputs = Golden.integers(one.get("inputs"));
        int[] targets = Golden.integers(one.get("targets"));
        for (int t = 0; t < inputs.length; t++) {
            double[] x = new double[in];
            x[inputs[t]] = 1;
            double[] y = new double[out];
            y[targets[t]] = 1;
            point.put("x" + t, GoldenPoints.column(x));
            point.put("y" + t, GoldenPoints.column(y));
        }
        return point;
    }

    private static void expect(
            JsonObject one,
            Map<String, String> names,
            Map<String, NDArray> point,
            Defect defect,
            TargetLoss loss,
            String errors) {
        Map<String, NDArray> gradients =
                new DefectiveRnn(defect, loss).run(point).gradients();
        Map<String, double[][]> renamed = new LinkedHashMap<>();
        names.forEach((theirs, ours) -> renamed.put(
                theirs, Objects.requireNonNull(gradients.get(ours), ours).toRows()));
        Expect.errors(renamed, Golden.matrices(one.get("grad_true")), Golden.object(one, errors), 1e-9);
    }
}
