package dev.clew.examples.resume;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.dataset.AddingProblem;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.training.Callback;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.MetricsCsv;
import dev.clew.nn.training.StepReport;
import dev.clew.nn.training.Trainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is trained, in this JVM or in one of its own: with dropout, which draws; Adam, which keeps two numbers for every weight; a rate that
 * listens to a metric; and the best weights, which are kept beside the last. Whatever of this is lost changes the bits.
 *
 * @param folder of its snapshot and its metrics
 */
record LongRun(Path folder, int units, long steps, long seed) {
    static final String FROM = "from ";
    static final String STEP = "step ";

    private static final int LENGTH = 20;
    private static final int BATCH = 32;
    private static final int EPOCH = 40;
    private static final int HELD = 256;
    /** Rare enough that steps are made twice, often enough that few are. */
    private static final Duration KEPT = Duration.ofMillis(200);

    Trainer<Adder, Batches.Rows> trainer() {
        Adder adder = Adder.create(units, RandomKey.of(seed));
        Schedule rate = Schedule.warmUp(EPOCH)
                .then(Schedule.plateau(0.01).withFactor(0.5).withPatience(0));
        return Trainer.of(adder, Adam.of(adder, rate), batches(BATCH, EPOCH), adder::loss)
                .steps(steps)
                .seed(seed)
                .onPlans()
                .validate(batches(HELD, 1), Metrics.meanAbsoluteError(adder::sums, Batches.Rows::y))
                .keep(folder, KEPT)
                .tell(MetricsCsv.in(folder));
    }

    private static Batches<Batches.Rows> batches(int size, int count) {
        return new AddingProblem(LENGTH)
                .batches(size, count)
                .map(batch -> new Batches.Rows(batch.x(), batch.targets().get(1, LENGTH - 1)));
    }

    private static String text(StepReport report) {
        return Joiner.on(',')
                .join(
                        report.step(),
                        report.epoch(),
                        report.batch(),
                        report.loss(),
                        report.gradientNorm(),
                        report.rate(),
                        report.time());
    }

    /** What {@link #main} has said of a step. */
    static StepReport report(String line) {
        List<String> fields = Splitter.on(',').splitToList(line.substring(STEP.length()));
        return new StepReport(
                Long.parseLong(fields.get(0)),
                Integer.parseInt(fields.get(1)),
                Integer.parseInt(fields.get(2)),
                Double.parseDouble(fields.get(3)),
                Double.parseDouble(fields.get(4)),
                Double.parseDouble(fields.get(5)),
                Duration.parse(fields.get(6)),
                false);
    }

    /** In a JVM of its own: it goes on or starts, and says from which step and every step. */
    public static void main(String[] args) {
        LongRun run = new LongRun(
                Path.of(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
        Ending<Adder> ending = run.trainer()
                .quietly()
                .tell(new Callback() {
                    @Override
                    public void began(Start start) {
                        System.out.println(FROM + start.step());
                    }
                })
                .afterStep(report -> System.out.println(STEP + text(report)))
                .resumeOrStart();
        System.exit(ending instanceof Ending.Finished<Adder> ? 0 : 1);
    }
}
