package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Objects;

/** Comparisons with golden numbers, in the relative differences of {@link Difference}. */
public final class Expect {
    private Expect() {}

    /** Asserts a relative difference of at most {@code tolerance}. */
    public static void near(double actual, double expected, double tolerance, String what) {
        assertThat(Difference.relative(actual, expected))
                .as("%s: %s, expected %s", what, actual, expected)
                .isLessThanOrEqualTo(tolerance);
    }

    /** Asserts a relative difference of at most {@code tolerance}. */
    public static void near(double[] actual, JsonElement expected, double tolerance, String what) {
        assertThat(Difference.relative(actual, Golden.vector(expected)))
                .as(what)
                .isLessThanOrEqualTo(tolerance);
    }

    /** Asserts a relative difference of at most {@code tolerance}. */
    public static void near(double[][] actual, JsonElement expected, double tolerance, String what) {
        assertThat(Difference.relative(actual, Golden.matrix(expected)))
                .as(what)
                .isLessThanOrEqualTo(tolerance);
    }

    /** Asserts the same names and, for each, a relative difference of at most {@code tolerance}. */
    public static void near(Map<String, double[][]> actual, JsonElement expected, double tolerance, String what) {
        Map<String, double[][]> right = Golden.matrices(expected);
        assertThat(actual.keySet()).as(what).containsExactlyInAnyOrderElementsOf(right.keySet());
        right.forEach(
                (name, tensor) -> assertThat(Difference.relative(Objects.requireNonNull(actual.get(name)), tensor))
                        .as("%s of %s", what, name)
                        .isLessThanOrEqualTo(tolerance));
    }

    /**
     * Asserts that wrong tensors are as far from the right ones as measured: {@code errors} has the Euclidean relative
     * error of each name.
     */
    public static void errors(
            Map<String, double[][]> wrong, Map<String, double[][]> right, JsonObject errors, double tolerance) {
        right.forEach((name, tensor) -> {
            double expected = errors.getAsJsonObject(name).get("rel_l2").getAsDouble();
            double actual = Difference.euclidean(Objects.requireNonNull(wrong.get(name)), tensor);
            assertThat(Math.abs(actual - expected))
                    .as("error of %s: %s, expected %s", name, actual, expected)
                    .isLessThanOrEqualTo(tolerance * Math.max(expected, 1e-2));
        });
    }
}
