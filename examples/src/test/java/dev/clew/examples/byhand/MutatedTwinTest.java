package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.examples.Automatic;
import dev.clew.examples.byhand.CountingByHand.Variant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A wrong gradient is found: each of these mistakes, put into a twin, makes it differ from the automatic one.
 *
 * <p>The mistakes are those of the notebooks and others that are easily made. Most leave the loss as it is, so that
 * nothing but a comparison of gradients can show them.
 */
class MutatedTwinTest {
    /** What the same formulas in another order of summation might differ by, and no mistake here comes near. */
    private static final double ROUNDING = 1e-9;

    @TempDir
    Path directory;

    /** A mistake: in the source {@code file}, {@code right} is replaced by {@code wrong}. */
    record Mistake(String name, Class<?> twin, String file, String right, String wrong) {
        Mistake(String name, Class<?> twin, String right, String wrong) {
            this(name, twin, twin.getSimpleName() + ".java", right, wrong);
        }

        @Override
        public String toString() {
            return twin.getSimpleName() + ": " + name;
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(characterRnn(), squaredError(), multiLabel(), counting())
                .flatMap(List::stream);
    }

    private static List<Mistake> characterRnn() {
        Class<?> twin = CharacterRnnByHand.class;
        return List.of(
                new Mistake(
                        "no path back through time",
                        twin,
                        "Accumulate.transposeTimes(w.W, dz, t > 0 ? dHidden[t - 1] : dInitial);",
                        ""),
                new Mistake("W not transposed", twin, "transposeTimes(w.W, dz,", "times(w.W, dz,"),
                new Mistake("h_t for h_{t-1}", twin, "outer(dz, previous, d.W)", "outer(dz, h, d.W)"),
                new Mistake("outer product transposed", twin, "outer(dz, previous, d.W)", "outer(previous, dz, d.W)"),
                new Mistake("no derivative of tanh", twin, "Vectors.throughTanh(dHidden[t], h)", "dHidden[t].clone()"),
                new Mistake(
                        "W before the derivative of tanh",
                        twin,
                        "outer(dz, previous, d.W)",
                        "outer(dHidden[t], previous, d.W)"),
                new Mistake(
                        "target off by a step", twin, "dLogits[targets[t]]", "dLogits[targets[Math.max(0, t - 1)]]"),
                new Mistake("the initial state forgotten", twin, ": h0;", ": new double[h0.length];"),
                new Mistake("= for +=", twin, "Accumulate.java", "sum[i][column] += x[i]", "sum[i][column] = x[i]"),
                new Mistake(
                        "sign of tanh'",
                        twin,
                        "Vectors.java",
                        "(1 - hidden[i] * hidden[i])",
                        "(1 + hidden[i] * hidden[i])"));
    }

    private static List<Mistake> squaredError() {
        Class<?> twin = SquaredErrorByHand.class;
        return List.of(
                new Mistake(
                        "sign",
                        twin,
                        "dOutput[targets[t]] -= 1;",
                        "dOutput[targets[t]] -= 1; for (int k = 0; k < dOutput.length; k++) dOutput[k] = -dOutput[k];"),
                new Mistake("Whh not transposed", twin, "transposeTimes(w.Whh, dz,", "times(w.Whh, dz,"),
                new Mistake("bias of the first step only", twin, "Accumulate.column(dz, d.bh, 0)", "if (t == 0) $0"),
                new Mistake("Why with h_{t-1}", twin, "outer(dOutput, h, d.Why)", "outer(dOutput, previous, d.Why)"));
    }

    private static List<Mistake> multiLabel() {
        Class<?> twin = MultiLabelByHand.class;
        return List.of(
                new Mistake("p - y", twin, "probabilities[j] * totalPull", "probabilities[j]"),
                new Mistake(
                        "epsilon forgotten",
                        twin,
                        "epsilon == 0 ? 1 : probabilities[k] / (probabilities[k] + epsilon)",
                        "1"),
                new Mistake("the first step forgotten", twin, "Accumulate.outer(previous, dz, d.Wh)", "if (t > 0) $0"),
                new Mistake(
                        "Wh transposed", twin, "Accumulate.times(w.Wh, dz,", "Accumulate.transposeTimes(w.Wh, dz,"));
    }

    private static List<Mistake> counting() {
        Class<?> twin = CountingByHand.class;
        return List.of(
                new Mistake("no derivative of the sigmoid", twin, "dState[n] * s * (1 - s)", "dState[n]"),
                new Mistake("s_t for s_{t-1}", twin, "dz[t][n] * previous[n]", "dz[t][n] * s"),
                new Mistake(
                        "sum for mean", twin, "(prediction[n] - targets[n]) / samples", "(prediction[n] - targets[n])"),
                new Mistake("= for +=", twin, "d.wx[0][0] += dz[t][n]", "d.wx[0][0] = dz[t][n]"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void everyMistakeIsFound(Mistake mistake) throws Exception {
        String wrong = mistake.wrong.replace("$0", mistake.right);
        try (MutatedTwin mutated = MutatedTwin.of(mistake.twin, mistake.file, mistake.right, wrong, directory)) {
            assertThat(worst(mutated, mistake.twin)).isGreaterThan(1e-3);
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void withoutAMistakeNothingIsFound(Class<?> twin) throws Exception {
        String file = twin.getSimpleName() + ".java";
        try (MutatedTwin same = MutatedTwin.of(twin, file, "public final class", "public final class", directory)) {
            assertThat(worst(same, twin)).isLessThanOrEqualTo(ROUNDING);
        }
    }

    static Stream<Class<?>> twins() {
        return mistakes().<Class<?>>map(Mistake::twin).distinct();
    }

    @Test
    void aSnippetThatIsNotThereOnceIsRefused() {
        for (String snippet : List.of("no such source", "double[]")) {
            assertThatThrownBy(() ->
                            MutatedTwin.of(CharacterRnnByHand.class, "CharacterRnnByHand.java", snippet, "", directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(snippet);
        }
    }

    /** The largest relative difference between the mutated twin and the automatic gradient, at random points. */
    private static double worst(MutatedTwin mutated, Class<?> twin) throws ReflectiveOperationException {
        double worst = 0;
        for (Object[] point : points(twin)) {
            Gradient actual = mutated.gradient(point);
            Gradient right = automatic(point);
            worst = Math.max(worst, Difference.relative(actual.parameters(), right.parameters()));
            worst = Math.max(worst, Difference.relative(actual.initialState(), right.initialState()));
            assertThat(Difference.relative(actual.loss(), right.loss()))
                    .as("the mistake is one of the gradient only")
                    .isLessThanOrEqualTo(ROUNDING);
        }
        return worst;
    }

    private static Gradient automatic(Object... point) throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(point)
                .map(Object::getClass)
                .map(type -> type == Double.class ? double.class : type)
                .toArray(Class<?>[]::new);
        return (Gradient) Automatic.class.getMethod("gradient", types).invoke(null, point);
    }

    private static List<Object[]> points(Class<?> twin) {
        RandomPoint point = new RandomPoint(new Random(7));
        return IntStream.rangeClosed(3, 6)
                .mapToObj(steps -> arguments(twin, point, steps))
                .toList();
    }

    private static Object[] arguments(Class<?> twin, RandomPoint point, int steps) {
        if (twin == CharacterRnnByHand.class) {
            int[] inputs = point.symbols(steps, 5);
            return new Object[] {point.characterRnn(4, 5), inputs, point.symbols(steps, 5), point.vector(4)};
        }
        if (twin == SquaredErrorByHand.class) {
            int[] inputs = point.symbols(steps, 5);
            return new Object[] {point.squaredError(4, 5, 3), inputs, point.symbols(steps, 3), point.vector(4)};
        }
        if (twin == MultiLabelByHand.class) {
            double[][] inputs = point.matrix(steps, 5);
            return new Object[] {point.multiLabel(4, 5, 3), inputs, point.matrix(steps, 3), point.vector(4), 0.05};
        }
        CountingByHand.Weights weights = new CountingByHand.Weights(point.matrix(1, 1), point.matrix(1, 1));
        double[][] inputs = point.matrix(4, steps);
        return new Object[] {weights, inputs, point.vector(4), point.vector(4), Variant.SIGMOID};
    }
}
