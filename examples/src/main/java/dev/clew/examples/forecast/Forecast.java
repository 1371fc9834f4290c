package dev.clew.examples.forecast;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.CsvFile;
import dev.clew.nn.data.Table;
import dev.clew.nn.dataset.Lorenz;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Forecasts a series one step and several ahead, each with an interval: a GRU beside AR(2), both from the same past.
 *
 * <p>The series is the first coordinate of the Lorenz system, of which nothing but this is seen, or a column of a file. It is divided in time: what
 * is judged comes after all that was learnt from. An interval says nothing unless what comes is within it as often as it claims, so that is counted
 * too.
 */
@Command(
        name = "forecast",
        mixinStandardHelpOptions = true,
        description = "Forecasts a series with an interval: a GRU beside AR(2).")
public final class Forecast implements Callable<Integer> {
    private static final int BATCH = 64;
    private static final int LORENZ = 8000;
    private static final double INTERVAL = 0.08;

    /** A standard normal number is within ±1.6449 with probability 0.9. */
    private static final double NOMINAL = 0.9;

    private static final double WIDTH = 1.6448536269514722;

    /** How far from that the share may be. */
    private static final double FROM = 0.8;

    private static final double TO = 0.97;

    private static final int SHOWN = 76;
    private static final int ROWS = 14;

    @Option(names = "--text", paramLabel = "FILE", description = "CSV with a header, instead of the Lorenz system")
    private @Nullable Path text;

    @Option(names = "--column", paramLabel = "NAME", defaultValue = "", description = "its column; default: the last")
    private String column = "";

    @Option(names = "--ahead", defaultValue = "8", description = "steps to look ahead; default: ${DEFAULT-VALUE}")
    private int ahead;

    @Option(names = "--window", defaultValue = "40", description = "steps seen at a time; default: ${DEFAULT-VALUE}")
    private int window;

    @Option(names = "--units", defaultValue = "48", description = "units of the GRU; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--steps", defaultValue = "2500", description = "steps of training; default: ${DEFAULT-VALUE}")
    private long steps;

    @Option(names = "--seed", defaultValue = "1", description = "seed of weights and series; default: ${DEFAULT-VALUE}")
    private long seed;

    /** What one of the two expects of all that is judged, by how far ahead. */
    private record Expected(double[][] mean, double[][] deviation) {
        Judged judged(double[][] came, int k) {
            return Judged.of(mean[k], deviation[k], came[k], WIDTH);
        }
    }

    @Override
    public Integer call() {
        if (ahead < 1 || window < 8 || units < 1 || steps < 8) {
            throw new IllegalArgumentException("--ahead=" + ahead + " --window=" + window + " --units=" + units + " --steps="
                    + steps + ": they are at least 1, 8, 1 and 8");
        }
        RandomKey key = RandomKey.of(seed);
        SplitSeries series = SplitSeries.of(series(key.fold(0)));
        System.out.printf(
                Locale.ROOT,
                "%s: %d numbers; the first %d are learnt from, the last %d judged by%n",
                text == null ? "Lorenz system, x alone" : text,
                series.numbers().length,
                series.learnt(),
                series.numbers().length - series.chosen());
        int warmUp = window / 3;
        Forecaster forecaster = Forecaster.create(units, warmUp, ahead, key.fold(1));
        Ending<Forecaster> ending = trained(forecaster, series);
        if (!(ending instanceof Ending.Finished<Forecaster>)) {
            throw new ArithmeticException("forecast: " + ending);
        }
        SplitSeries.Cut cut = new SplitSeries.Cut(window, ahead, window - warmUp);
        return told(series, cut, ending.best());
    }

    private double[] series(RandomKey key) {
        if (text == null) {
            NDArray states = new Lorenz(LORENZ, INTERVAL).one(key).x();
            return IntStream.range(0, LORENZ).mapToDouble(t -> states.get(t, 0)).toArray();
        }
        Table table = CsvFile.of(text).read();
        return table.numbers(column.isEmpty() ? table.columns().getLast() : column).toDoubles();
    }

    private Ending<Forecaster> trained(Forecaster forecaster, SplitSeries series) {
        SplitSeries.Windows learnt = series.toLearn(new SplitSeries.Cut(window, ahead, 1));
        SplitSeries.Windows choice =
                series.toChoose(new SplitSeries.Cut(window, ahead, window - forecaster.warmUp()));
        int batch = Math.min(BATCH, learnt.x().shape().length(0));
        int held = choice.x().shape().length(0);
        Batches<Batches.Rows> batches = Batches.ofFull(learnt.x(), learnt.y(), batch);
        int each = batches.size(0).orElseThrow();
        int epochs = Math.toIntExact(Math.ceilDiv(steps, each)); // Whole ones: at the end of each the weights are judged.
        Schedule rate = Schedule.oneCycle((long) epochs * each, 0.01);
        return Trainer.of(forecaster, Adam.of(forecaster, rate).withClip(Clip.globalNorm(1)), batches, forecaster::loss)
                .epochs(epochs)
                .seed(seed)
                .onPlans()
                .validate(
                        Batches.of(choice.x(), choice.y(), held),
                        Metrics.loss("nats", forecaster::nats, forecaster::count))
                .start();
    }

    /** The same times for both: all from the end of what weights are chosen by. */
    private int told(SplitSeries series, SplitSeries.Cut cut, Forecaster forecaster) {
        SplitSeries.Windows windows = series.toJudge(cut);
        int times = windows.x().shape().length(0) * cut.stride();
        double[] numbers = series.numbers();
        double[][] came = new double[ahead][times];
        for (int k = 0; k < ahead; k++) {
            came[k] = Arrays.copyOfRange(numbers, series.chosen() + k + 1, series.chosen() + k + 1 + times);
        }
        Expected network = byNetwork(forecaster, windows, times);
        Expected formula = byFormula(AutoRegression.fit(series.past()), series, times);
        List<Judged> ofNetwork = judged(network, came);
        List<Judged> ofFormula = judged(formula, came);
        System.out.printf(
                Locale.ROOT,
                "%11s  %30s  %31s%n%11s  %10s %10s %8s  %15s %15s%n",
                "",
                "root of the mean squared error",
                String.format(Locale.ROOT, "within the interval of %.0f %%", 100 * NOMINAL),
                "steps ahead",
                "GRU",
                "AR(2)",
                "ratio",
                "GRU",
                "AR(2)");
        for (int k = 0; k < ahead; k++) {
            System.out.println(line(k + 1, ofNetwork.get(k), ofFormula.get(k), series.deviation()));
        }
        picture(series, network, came[ahead - 1]);
        boolean isLearnt = isLearnt(ofNetwork, ofFormula);
        System.out.println(isLearnt ? "" : "(MISSED)");
        return isLearnt ? 0 : 1;
    }

    private List<Judged> judged(Expected expected, double[]... came) {
        List<Judged> judged = new ArrayList<>();
        for (int k = 0; k < ahead; k++) {
            judged.add(expected.judged(came, k));
        }
        return judged;
    }

    private static String line(int k, Judged network, Judged formula, double deviation) {
        return String.format(
                Locale.ROOT,
                "%11d  %10.4g %10.4g %8.3f  %13.1f %% %13.1f %%",
                k,
                network.error() * deviation,
                formula.error() * deviation,
                network.error() / formula.error(),
                100 * network.coverage(),
                100 * formula.coverage());
    }

    /** Of the Lorenz system at most half the error at every distance; of a series of whatever kind, less at the farthest. */
    private boolean isLearnt(List<Judged> network, List<Judged> formula) {
        boolean isCovered =
                network.stream().allMatch(each -> each.coverage() >= FROM && each.coverage() <= TO);
        boolean isBetter = IntStream.range(text == null ? 0 : ahead - 1, ahead)
                .allMatch(k -> network.get(k).error() < (text == null ? 0.5 : 1) * formula.get(k).error());
        return isCovered && isBetter;
    }

    private Expected byNetwork(Forecaster forecaster, SplitSeries.Windows windows, int times) {
        Forecaster.Expected said = forecaster.expected(Tensor.of(windows.x()));
        double[] means = said.mean().value().toDoubles();
        double[] deviations = said.logDeviation().exp().value().toDoubles();
        return byDistance(times, (t, k) -> means[t * ahead + k], (t, k) -> deviations[t * ahead + k]);
    }

    private Expected byFormula(AutoRegression formula, SplitSeries series, int times) {
        double[] numbers = series.numbers();
        double[] deviations = formula.deviationsAhead(ahead);
        double[][] means = IntStream.range(series.chosen(), series.chosen() + times)
                .mapToObj(t -> formula.ahead(numbers[t - 1], numbers[t], ahead))
                .toArray(double[][]::new);
        return byDistance(times, (t, k) -> means[t][k], (_, k) -> deviations[k]);
    }

    /** A number for a time and a distance. */
    private interface Number2 {
        double at(int t, int k);
    }

    private Expected byDistance(int times, Number2 mean, Number2 deviation) {
        Expected expected = new Expected(new double[ahead][times], new double[ahead][times]);
        for (int k = 0; k < ahead; k++) {
            for (int t = 0; t < times; t++) {
                expected.mean[k][t] = mean.at(t, k);
                expected.deviation[k][t] = deviation.at(t, k);
            }
        }
        return expected;
    }

    private void picture(SplitSeries series, Expected network, double... came) {
        int to = Math.min(SHOWN, came.length);
        System.out.printf(
                Locale.ROOT,
                "x what the GRU expected %d steps before, . the interval, o what came, @ where both are at one place%n%s%n",
                ahead,
                Chart.of(
                        original(series, came, to, 1),
                        original(series, network.mean[ahead - 1], to, 1),
                        original(series, network.deviation[ahead - 1], to, WIDTH),
                        ROWS));
    }

    /** In the unit of the series. A width has no place, so it is not moved. */
    private static double[] original(SplitSeries series, double[] numbers, int to, double width) {
        double mean = width == 1 ? series.mean() : 0;
        return Arrays.stream(numbers, 0, to)
                .map(each -> mean + series.deviation() * width * each)
                .toArray();
    }
}
