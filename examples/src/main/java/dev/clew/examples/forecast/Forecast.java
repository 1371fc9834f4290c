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
import dev.clew.nn.training.TensorBoard;
import dev.clew.nn.training.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int PATIENCE = 25;
    private static final int LORENZ = 8000;
    private static final double INTERVAL = 0.08;

    /** A standard normal number is within ±1.6449 with probability 0.9. */
    private static final double WIDTH = 1.6448536269514722;

    /** How far from that the share may be. */
    private static final double FROM = 0.8;

    private static final double TO = 0.97;

    /** What is well below AR(2). */
    private static final double HALF = 0.5;

    private static final int SHOWN = 76;
    private static final int ROWS = 14;
    private static final String HEAD = """
                   root of mean squared error     within interval of 90 %
steps ahead         GRU      AR(2)    ratio         GRU      AR(2)""";

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

    @Option(names = "--tensorboard", paramLabel = "FOLDER", description = "writes the training there, for TensorBoard")
    private @Nullable Path tensorBoard;

    @Override
    public Integer call() {
        if (ahead < 1 || window < 8 || units < 1 || steps < 8) {
            throw new IllegalArgumentException("--ahead=" + ahead + " --window=" + window + " --units=" + units
                    + " --steps=" + steps + ": they are at least 1, 8, 1 and 8");
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
        if (!(ending instanceof Ending.Finished<Forecaster> || ending instanceof Ending.StoppedEarly<Forecaster>)) {
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
        return table.numbers(column.isEmpty() ? table.columns().getLast() : column)
                .toDoubles();
    }

    private Ending<Forecaster> trained(Forecaster forecaster, SplitSeries series) {
        SplitSeries.Windows learnt = series.toLearn(new SplitSeries.Cut(window, ahead, 1));
        SplitSeries.Windows choice = series.toChoose(new SplitSeries.Cut(window, ahead, window - forecaster.warmUp()));
        int batch = Math.min(BATCH, learnt.x().shape().length(0));
        int held = choice.x().shape().length(0);
        Batches<Batches.Rows> batches = Batches.ofFull(learnt.x(), learnt.y(), batch);
        int each = batches.size(0).orElseThrow();
        int epochs =
                Math.toIntExact(Math.ceilDiv(steps, each)); // Whole ones: at the end of each the weights are judged.
        Schedule rate = Schedule.oneCycle((long) epochs * each, 0.01);
        Trainer<Forecaster, Batches.Rows> trainer = Trainer.of(
                        forecaster, Adam.of(forecaster, rate).withClip(Clip.globalNorm(1)), batches, forecaster::loss)
                .epochs(epochs)
                .stopWhenNoBetterFor(PATIENCE)
                .seed(seed)
                .onPlans()
                .validate(
                        Batches.of(choice.x(), choice.y(), held),
                        Metrics.loss("nats", forecaster::nats, forecaster::count));
        if (tensorBoard != null) {
            trainer = trainer.tell(TensorBoard.in(tensorBoard)
                    .withHyperparameters(Map.of("units", units, "window", window, "ahead", ahead, "seed", seed))
                    .withHistograms(forecaster));
        }
        return trainer.start();
    }

    /** The same times for both: all from the end of what weights are chosen by. */
    private int told(SplitSeries series, SplitSeries.Cut cut, Forecaster forecaster) {
        double[] numbers = series.numbers();
        int from = series.chosen();
        Forecasts network = Forecasts.of(forecaster, series.toJudge(cut));
        Forecasts formula = Forecasts.of(AutoRegression.fit(series.past()), numbers, from, network.times(), ahead);
        List<Judged> ofNetwork = network.judged(numbers, from, WIDTH);
        List<Judged> ofFormula = formula.judged(numbers, from, WIDTH);
        System.out.println(HEAD);
        for (int k = 0; k < ahead; k++) {
            System.out.println(line(k + 1, ofNetwork.get(k), ofFormula.get(k), series.deviation()));
        }
        System.out.println(picture(series, network));
        double most = text == null ? HALF : 1;
        System.out.printf(
                Locale.ROOT,
                "to be shown: the GRU's error below %s, and %.0f to %.0f %% within its intervals%n",
                text == null ? "half of AR(2)'s at each" : "AR(2)'s at the last",
                100 * FROM,
                100 * TO);
        boolean isBetter = IntStream.range(text == null ? 0 : ahead - 1, ahead)
                .allMatch(
                        k -> ofNetwork.get(k).error() < most * ofFormula.get(k).error());
        boolean isCovered = ofNetwork.stream().allMatch(each -> each.coverage() >= FROM && each.coverage() <= TO);
        System.out.println(isBetter && isCovered ? "" : "(MISSED)");
        return isBetter && isCovered ? 0 : 1;
    }

    private static String line(int k, Judged network, Judged formula, double deviation) {
        return String.format(
                Locale.ROOT,
                "%11d  %10.4g %10.4g %8.3f  %8.1f %% %8.1f %%",
                k,
                network.error() * deviation,
                formula.error() * deviation,
                network.error() / formula.error(),
                100 * network.coverage(),
                100 * formula.coverage());
    }

    /** The farthest of the first times that are judged. */
    private String picture(SplitSeries series, Forecasts network) {
        int shown = Math.min(SHOWN, network.times());
        double[] came = Forecasts.came(series.numbers(), series.chosen(), shown, ahead);
        double[] mean = Arrays.copyOf(network.mean(ahead), shown);
        double[] half = Arrays.stream(network.deviation(ahead), 0, shown)
                .map(each -> WIDTH * series.deviation() * each)
                .toArray();
        return String.format(
                Locale.ROOT,
                "x what the GRU expected %d steps before, . its interval, o what came, @ where both are at one place%n%s",
                ahead,
                Chart.of(series.original(came), series.original(mean), half, ROWS));
    }
}
