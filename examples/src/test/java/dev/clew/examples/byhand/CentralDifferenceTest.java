package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.examples.byhand.CountingByHand.Variant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Both gradients, by hand and automatic, are the slope of the loss, for random sizes, lengths, weights and initial states.
 *
 * <p>The slope is taken from four points, {@code (8 (L(w+s) − L(w−s)) − (L(w+2s) − L(w−2s))) / 12s}. Its error is of order
 * s⁴ by the curvature of the loss and 1e-16·L/s by rounding; two points have s², which long sequences do not forgive.
 */
class CentralDifferenceTest {
    private static final double STEP = 1e-4;

    /** Relative to the largest entry of the whole gradient: below that, rounding of the loss hides the slope. */
    private static final double TOLERANCE = 1e-6;

    @Property(tries = 50)
    void characterRnn(
            @ForAll @IntRange(min = 1, max = 6) int hidden,
            @ForAll @IntRange(min = 1, max = 6) int symbols,
            @ForAll @IntRange(min = 0, max = 30) int steps,
            @ForAll Way way,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        CharacterRnnByHand.Weights weights = point.characterRnn(hidden, symbols);
        int[] inputs = point.symbols(steps, symbols);
        int[] targets = point.symbols(steps, symbols);
        double[] h0 = point.vector(hidden);
        expectSlopes(
                way.gradient(weights, inputs, targets, h0),
                () -> CharacterRnnByHand.gradient(weights, inputs, targets, h0).loss(),
                weights.asMap(),
                h0);
    }

    @Property(tries = 50)
    void squaredError(
            @ForAll @IntRange(min = 1, max = 6) int hidden,
            @ForAll @IntRange(min = 1, max = 6) int in,
            @ForAll @IntRange(min = 1, max = 6) int out,
            @ForAll @IntRange(min = 0, max = 30) int steps,
            @ForAll Way way,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        SquaredErrorByHand.Weights weights = point.squaredError(hidden, in, out);
        int[] inputs = point.symbols(steps, in);
        int[] targets = point.symbols(steps, out);
        double[] h0 = point.vector(hidden);
        expectSlopes(
                way.gradient(weights, inputs, targets, h0),
                () -> SquaredErrorByHand.gradient(weights, inputs, targets, h0).loss(),
                weights.asMap(),
                h0);
    }

    @Property(tries = 50)
    void multiLabel(
            @ForAll @IntRange(min = 1, max = 6) int hidden,
            @ForAll @IntRange(min = 1, max = 6) int in,
            @ForAll @IntRange(min = 1, max = 6) int out,
            @ForAll @IntRange(min = 0, max = 30) int steps,
            @ForAll @IntRange(min = 0, max = 2) int epsilonChoice,
            @ForAll Way way,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        MultiLabelByHand.Weights weights = point.multiLabel(hidden, in, out);
        double[][] inputs = point.matrix(steps, in);
        double[][] targets = point.matrix(steps, out);
        double[] h0 = point.vector(hidden);
        double epsilon = new double[] {0, 1e-8, 0.1}[epsilonChoice];
        expectSlopes(
                way.gradient(weights, inputs, targets, h0, epsilon),
                () -> MultiLabelByHand.gradient(weights, inputs, targets, h0, epsilon)
                        .loss(),
                weights.asMap(),
                h0);
    }

    @Property(tries = 100)
    void counting(
            @ForAll @IntRange(min = 1, max = 6) int samples,
            @ForAll @IntRange(min = 0, max = 30) int steps,
            @ForAll Variant variant,
            @ForAll Way way,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        CountingByHand.Weights weights = new CountingByHand.Weights(point.matrix(1, 1), point.matrix(1, 1));
        double[][] inputs = point.matrix(samples, steps);
        double[] targets = point.vector(samples);
        double[] s0 = point.vector(samples);
        expectSlopes(
                way.gradient(weights, inputs, targets, s0, variant),
                () -> CountingByHand.gradient(weights, inputs, targets, s0, variant)
                        .loss(),
                weights.asMap(),
                s0);
    }

    private static void expectSlopes(
            Gradient gradient, DoubleSupplier run, Map<String, double[][]> weights, double[] initialState) {
        assertThat(Difference.relative(gradient.loss(), run.getAsDouble())).isLessThan(1e-10);
        double largest = magnitude(new double[][] {gradient.initialState()});
        for (double[][] derivative : gradient.parameters().values()) {
            largest = Math.max(largest, magnitude(derivative));
        }
        double tolerance = TOLERANCE * Math.max(largest, 1e-3 * Math.max(gradient.loss(), 1));
        gradient.parameters().forEach((name, derivative) -> {
            double[][] weight = Objects.requireNonNull(weights.get(name));
            for (int i = 0; i < weight.length; i++) {
                expectSlopes(run, weight[i], derivative[i], tolerance, name);
            }
        });
        expectSlopes(run, initialState, gradient.initialState(), tolerance, "the initial state");
    }

    private static void expectSlopes(
            DoubleSupplier run, double[] row, double[] derivative, double tolerance, String name) {
        for (int j = 0; j < row.length; j++) {
            double middle = row[j];
            double near = lossAt(run, row, j, middle + STEP) - lossAt(run, row, j, middle - STEP);
            double far = lossAt(run, row, j, middle + 2 * STEP) - lossAt(run, row, j, middle - 2 * STEP);
            row[j] = middle;
            double slope = (8 * near - far) / (12 * STEP);
            assertThat(Math.abs(derivative[j] - slope))
                    .as("∂L/∂%s: %s, slope %s", name, derivative[j], slope)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static double lossAt(DoubleSupplier run, double[] row, int column, double value) {
        row[column] = value;
        return run.getAsDouble();
    }

    private static double magnitude(double[][] tensor) {
        return Arrays.stream(tensor)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
    }
}
