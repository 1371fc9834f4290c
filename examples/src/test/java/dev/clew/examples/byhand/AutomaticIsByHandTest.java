package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.examples.Automatic;
import dev.clew.examples.byhand.CountingByHand.Variant;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The gradient of the unrolled graph is BPTT: it agrees with the one by hand in the loss, every parameter, every state and
 * the initial state, for random sizes, lengths, weights, inputs and initial states.
 */
class AutomaticIsByHandTest {
    private static final double TOLERANCE = 1e-10;

    @Property(tries = 50)
    void characterRnn(
            @ForAll @IntRange(min = 1, max = 9) int hidden,
            @ForAll @IntRange(min = 1, max = 9) int symbols,
            @ForAll @IntRange(min = 1, max = 30) int steps,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        CharacterRnnByHand.Weights weights = point.characterRnn(hidden, symbols);
        int[] inputs = point.symbols(steps, symbols);
        int[] targets = point.symbols(steps, symbols);
        double[] h0 = point.vector(hidden);
        expectSame(
                Automatic.gradient(weights, inputs, targets, h0),
                CharacterRnnByHand.gradient(weights, inputs, targets, h0));
    }

    @Property(tries = 50)
    void squaredError(
            @ForAll @IntRange(min = 1, max = 9) int hidden,
            @ForAll @IntRange(min = 1, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll @IntRange(min = 1, max = 30) int steps,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        SquaredErrorByHand.Weights weights = point.squaredError(hidden, in, out);
        int[] inputs = point.symbols(steps, in);
        int[] targets = point.symbols(steps, out);
        double[] h0 = point.vector(hidden);
        expectSame(
                Automatic.gradient(weights, inputs, targets, h0),
                SquaredErrorByHand.gradient(weights, inputs, targets, h0));
    }

    @Property(tries = 50)
    void multiLabel(
            @ForAll @IntRange(min = 1, max = 9) int hidden,
            @ForAll @IntRange(min = 1, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll @IntRange(min = 1, max = 30) int steps,
            @ForAll @IntRange(min = 0, max = 2) int epsilonChoice,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        MultiLabelByHand.Weights weights = point.multiLabel(hidden, in, out);
        double[][] inputs = point.matrix(steps, in);
        double[][] targets = point.matrix(steps, out);
        double[] h0 = point.vector(hidden);
        double epsilon = new double[] {0, 1e-8, 0.1}[epsilonChoice];
        expectSame(
                Automatic.gradient(weights, inputs, targets, h0, epsilon),
                MultiLabelByHand.gradient(weights, inputs, targets, h0, epsilon));
    }

    @Property(tries = 100)
    void counting(
            @ForAll @IntRange(min = 1, max = 9) int samples,
            @ForAll @IntRange(min = 1, max = 30) int steps,
            @ForAll Variant variant,
            @ForAll Random random) {
        RandomPoint point = new RandomPoint(random);
        CountingByHand.Weights weights = new CountingByHand.Weights(point.matrix(1, 1), point.matrix(1, 1));
        double[][] inputs = point.matrix(samples, steps);
        double[] targets = point.vector(samples);
        double[] s0 = point.vector(samples);
        expectSame(
                Automatic.gradient(weights, inputs, targets, s0, variant),
                CountingByHand.gradient(weights, inputs, targets, s0, variant));
    }

    /**
     * Per tensor, and with the largest gradient of the whole as the measure: where the terms of a small gradient cancel, two
     * orders of summation leave different last digits.
     */
    private static void expectSame(Gradient automatic, Gradient byHand) {
        assertThat(Difference.relative(automatic.loss(), byHand.loss())).isLessThan(TOLERANCE);
        assertThat(automatic.parameters().keySet())
                .isEqualTo(byHand.parameters().keySet());
        assertThat(Difference.relative(automatic.parameters(), byHand.parameters()))
                .as("parameters")
                .isLessThan(TOLERANCE);
        assertThat(Difference.relative(automatic.hidden(), byHand.hidden()))
                .as("states")
                .isLessThan(TOLERANCE);
        assertThat(Difference.relative(automatic.initialState(), byHand.initialState()))
                .as("initial state")
                .isLessThan(TOLERANCE);
    }
}
