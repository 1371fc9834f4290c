package dev.clew.examples.forecast;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.data.Sequences;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A series, divided in time: its beginning is learnt from, what follows chooses among the weights, and the end is judged by. It is standardized by
 * the mean and the standard deviation of the beginning alone, so nothing that is learnt from knows of what comes later.
 */
final class SplitSeries {
    private static final double LEARNT = 0.7;
    private static final double CHOSEN = 0.85;

    private final double[] numbers;
    private final double mean;
    private final double deviation;
    private final int learnt;
    private final int chosen;

    private SplitSeries(double[] numbers, double mean, double deviation, int learnt, int chosen) {
        this.numbers = numbers;
        this.mean = mean;
        this.deviation = deviation;
        this.learnt = learnt;
        this.chosen = chosen;
    }

    /** @throws IllegalArgumentException if what is to be learnt from has not two different numbers */
    static SplitSeries of(double... series) {
        int learnt = (int) (LEARNT * series.length);
        double mean = Arrays.stream(series, 0, learnt).average().orElse(0);
        double squares = Arrays.stream(series, 0, learnt)
                .map(each -> (each - mean) * (each - mean))
                .sum();
        double deviation = Math.sqrt(squares / learnt);
        if (!(deviation > 0)) {
            throw new IllegalArgumentException("series of " + series.length + ": of its first " + learnt
                    + ", which are learnt from, two must differ");
        }
        double[] numbers =
                Arrays.stream(series).map(each -> (each - mean) / deviation).toArray();
        return new SplitSeries(numbers, mean, deviation, learnt, (int) (CHOSEN * series.length));
    }

    /** All, standardized. */
    double[] numbers() {
        return numbers.clone();
    }

    /** Of what is learnt from. */
    double mean() {
        return mean;
    }

    /** The standard deviation of what is learnt from. */
    double deviation() {
        return deviation;
    }

    /** How many are learnt from. */
    int learnt() {
        return learnt;
    }

    /** Where those end by which weights are chosen. */
    int chosen() {
        return chosen;
    }

    /** In the unit of the series. */
    double[] original(double... standardized) {
        return Arrays.stream(standardized).map(each -> mean + deviation * each).toArray();
    }

    /** All that may be learnt from. */
    double[] past() {
        return Arrays.copyOf(numbers, learnt);
    }

    /**
     * Windows.
     *
     * @param x (windows, length, 1)
     * @param y (windows, length, ahead): what comes 1, 2, ... steps later
     */
    record Windows(NDArray x, NDArray y) {}

    /** How windows are cut. */
    record Cut(int length, int ahead, int stride) {}

    /** To be learnt from. */
    Windows toLearn(Cut cut) {
        return windows(0, learnt, cut);
    }

    /** To choose by. The first of each may lie before, as past that is known. */
    Windows toChoose(Cut cut) {
        return windows(learnt - (cut.length - cut.stride), chosen, cut);
    }

    /** To be judged by. The first of each may lie before, as past that is known. */
    Windows toJudge(Cut cut) {
        return windows(chosen - (cut.length - cut.stride), numbers.length, cut);
    }

    /** Of numbers from one place to before another, what comes later included. */
    private Windows windows(int from, int to, Cut cut) {
        int time = to - from - cut.ahead;
        if (from < 0 || time < cut.length) {
            throw new IllegalArgumentException("windows of " + cut.length + " numbers and " + cut.ahead
                    + " after them, of a series of " + numbers.length
                    + ": its last 15 % must have one, so make --window and --ahead smaller, or take a longer series");
        }
        NDArray now = NDArray.of(Shape.of(time, 1), Arrays.copyOfRange(numbers, from, from + time));
        double[] later = IntStream.range(from, from + time)
                .boxed()
                .flatMapToDouble(t -> Arrays.stream(numbers, t + 1, t + 1 + cut.ahead))
                .toArray();
        Sequences cuts = Sequences.windows(
                now.cast(DType.F32),
                NDArray.of(Shape.of(time, cut.ahead), later).cast(DType.F32),
                cut.length,
                cut.stride);
        Sequences.Batch all = cuts.batch(IntStream.range(0, cuts.size()).toArray());
        return new Windows(all.x().value(), all.targets().value());
    }
}
