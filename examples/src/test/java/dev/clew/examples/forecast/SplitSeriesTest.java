package dev.clew.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitSeriesTest {
    private static final int LENGTH = 100;
    /** Warmed up by 3 steps. */
    private static final SplitSeries.Cut CUT = new SplitSeries.Cut(8, 2, 5);

    private static double[] series() {
        return RandomKey.of(1).normal(5, 3, DType.F64, Shape.of(LENGTH)).toDoubles();
    }

    /** Whose numbers are their own places. */
    private static SplitSeries places() {
        return SplitSeries.of(IntStream.range(0, LENGTH).asDoubleStream().toArray());
    }

    private static double place(SplitSeries series, double number) {
        return series.original(number)[0];
    }

    @Test
    void whatComesLaterChangesNothingOfWhatIsLearntFrom() {
        double[] other = series();
        Arrays.fill(other, 70, LENGTH, 1e6);
        SplitSeries one = SplitSeries.of(series());
        SplitSeries two = SplitSeries.of(other);
        assertThat(one.learnt()).isEqualTo(70);
        assertThat(two.mean()).isEqualTo(one.mean());
        assertThat(two.deviation()).isEqualTo(one.deviation());
        assertThat(two.past()).containsExactly(one.past());
        assertThat(two.toLearn(CUT)).isEqualTo(one.toLearn(CUT));
        assertThat(two.toChoose(CUT)).isNotEqualTo(one.toChoose(CUT));
    }

    @Test
    void whatIsLearntFromHasMeanZeroAndDeviationOne() {
        SplitSeries split = SplitSeries.of(series());
        assertThat(Arrays.stream(split.past()).sum()).isCloseTo(0, within(1e-12));
        assertThat(Arrays.stream(split.past()).map(each -> each * each).sum()).isCloseTo(70, within(1e-10));
        assertThat(split.original(split.numbers())).containsExactly(series(), within(1e-12));
    }

    @Test
    void everyStepOfAWindowIsBesideWhatComesNext() {
        SplitSeries series = places();
        SplitSeries.Windows windows = series.toLearn(CUT);
        assertThat(windows.x().shape()).isEqualTo(Shape.of(13, 8, 1));
        assertThat(windows.y().shape()).isEqualTo(Shape.of(13, 8, 2));
        for (int window = 0; window < 13; window++) {
            for (int t = 0; t < 8; t++) {
                int at = 5 * window + t;
                assertThat(place(series, windows.x().get(window, t, 0))).isCloseTo(at, within(1e-4));
                assertThat(place(series, windows.y().get(window, t, 0))).isCloseTo(at + 1, within(1e-4));
                assertThat(place(series, windows.y().get(window, t, 1))).isCloseTo(at + 2, within(1e-4));
                assertThat(at + 2).isLessThan(series.learnt());
            }
        }
    }

    @Test
    void whatIsJudgedComesAfterAllThatWasChosenBy() {
        SplitSeries series = places();
        SplitSeries.Windows chosen = series.toChoose(CUT);
        SplitSeries.Windows judged = series.toJudge(CUT);
        int last = chosen.y().shape().length(0) - 1;
        assertThat(place(series, chosen.x().get(0, 3, 0)))
                .as("after warming up")
                .isCloseTo(70, within(1e-4));
        assertThat(place(series, chosen.y().get(last, 7, 1))).isLessThan(85);
        assertThat(place(series, judged.x().get(0, 3, 0))).isCloseTo(85, within(1e-4));
        assertThat(place(series, judged.x().get(1, 3, 0))).as("no gap").isCloseTo(90, within(1e-4));
    }

    @Test
    void aSeriesThatIsTooShortOrStandsStillIsRefused() {
        assertThatThrownBy(() -> places().toJudge(new SplitSeries.Cut(20, 2, 15)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("windows of 20 numbers and 2 after them, of a series of 100: ");
        assertThatThrownBy(() -> SplitSeries.of(1, 1, 1, 1, 1, 1, 1, 2, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("series of 10: of its first 7, which are learnt from, two must differ");
    }
}
