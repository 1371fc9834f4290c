package dev.clew.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.internal.audit.Alterations.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an altered term foretells of the differences that it makes, and what another term foretells of them. */
class AlterationsTest {
    private static final int STEPS = 9;
    private static final int ROWS = 4;
    private static final int WIDTH = 5;

    /** What becomes of a number of a term; the values are those that the term reads. */
    @FunctionalInterface
    interface Altered {
        double of(int step, int row, int unit, double[] term, double[] values);
    }

    private static double at(double[] term, int row, int unit) {
        return term[row * WIDTH + unit];
    }

    private static Arguments what(String label, double least, Altered altered) {
        return Arguments.of(label, least, altered);
    }

    static Stream<Arguments> alterations() {
        return Stream.of(
                what("a factor for each step", 1e-12, (t, i, j, x, v) -> at(x, i, j) * Math.exp(-1 - t)),
                what("a factor for each element", 1e-12, (t, i, j, x, v) -> at(x, i, j) * (1 + Math.sin(7 * i + j))),
                what("units rotated", 1e-12, (t, i, j, x, v) -> at(x, i, (j + 1) % WIDTH)),
                what("units in reverse", 1e-12, (t, i, j, x, v) -> at(x, i, WIDTH - 1 - j)),
                what("without the last unit", 1e-12, (t, i, j, x, v) -> j == WIDTH - 1 ? 0 : at(x, i, j)),
                what("rows in reverse", 1e-12, (t, i, j, x, v) -> at(x, ROWS - 1 - i, j)),
                what("squared", 0.1, (t, i, j, x, v) -> at(x, i, j) * at(x, i, j)),
                what("without signs", 0.1, (t, i, j, x, v) -> Math.abs(at(x, i, j))),
                what("clipped", 0.1, (t, i, j, x, v) -> Math.clamp(at(x, i, j), -0.3, 0.3)),
                what("a gate's root", 0.1, (t, i, j, x, v) -> at(x, i, j) / Math.sqrt(v[i * WIDTH + j])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alterations")
    void differencesFollowFromTheTermThatWasAltered(String label, double least, Altered altered) {
        assertThat(left(altered, true)).isLessThan(least);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alterations")
    void differencesFollowFromNoOtherTerm(String label, double least, Altered altered) {
        assertThat(left(altered, false)).isGreaterThan(0.5);
    }

    @Test
    void noiseFollowsFromNothing() {
        SplittableRandom noise = new SplittableRandom(3);

        assertThat(left((t, i, j, x, v) -> at(x, i, j) + noise.nextGaussian(), true))
                .isGreaterThan(0.5);
    }

    @Test
    void fewNumbersThatAnyMatrixGivesAreNotForetold() {
        SplittableRandom random = new SplittableRandom(4);
        List<Step> few = List.of(new Step(normal(random), normal(random), List.of()));

        assertThat(new Alterations(few, WIDTH).left()).isGreaterThan(0.5);
        assertThat(new Alterations(List.of(), WIDTH).left()).isOne();
    }

    @Test
    void eachRowIsForetoldByTheFitToAllOthers() {
        double[][] design = {{1}, {2}, {-1}, {0.5}};
        double[][] answers = {{2, 1}, {3, 0}, {-1, 4}, {2, 2}};

        double[][] left = Alterations.unforetold(design, answers);

        for (int row = 0; row < design.length; row++) {
            for (int column = 0; column < 2; column++) {
                double product = 0;
                double square = 0;
                for (int other = 0; other < design.length; other++) {
                    product += other == row ? 0 : design[other][0] * answers[other][column];
                    square += other == row ? 0 : design[other][0] * design[other][0];
                }
                double foretold = design[row][0] * product / square;
                assertThat(left[row][column]).isCloseTo(answers[row][column] - foretold, within(1e-12));
            }
        }
    }

    @Test
    void aDesignWithDependentColumnsForetellsAsMuchAsWithoutThem() {
        double[][] once = {{1}, {2}, {-1}, {0.5}};
        double[][] twice = {{1, 2}, {2, 4}, {-1, -2}, {0.5, 1}};
        double[][] answers = {{2}, {3}, {-1}, {2}};

        double[][] left = Alterations.unforetold(twice, answers);

        double[][] expected = Alterations.unforetold(once, answers);
        for (int row = 0; row < left.length; row++) {
            assertThat(left[row]).containsExactly(expected[row], within(1e-12));
        }
    }

    /** What is left of the differences that an altered term makes, seen from itself or from another one. */
    private static double left(Altered altered, boolean isSeenFromItself) {
        SplittableRandom random = new SplittableRandom(5);
        List<Step> steps = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            double[] term = normal(random);
            double[] other = normal(random);
            double[] gate = random.doubles(term.length, 0.1, 1).toArray();
            double[] otherGate = random.doubles(term.length, 0.1, 1).toArray();
            double[] difference = new double[term.length];
            int step = t;
            Arrays.setAll(difference, k -> altered.of(step, k / WIDTH, k % WIDTH, term, gate) - term[k]);
            steps.add(
                    isSeenFromItself
                            ? new Step(difference, term, List.of(gate))
                            : new Step(difference, other, List.of(otherGate)));
        }
        return new Alterations(steps, WIDTH).left();
    }

    private static double[] normal(SplittableRandom random) {
        double[] numbers = new double[ROWS * WIDTH];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return numbers;
    }
}
