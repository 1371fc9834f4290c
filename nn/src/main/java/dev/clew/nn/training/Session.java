package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.RandomKey;
import dev.clew.nn.Parameters;
import dev.clew.nn.data.Batches;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of a trainer, from its start or from a snapshot, until something ends it. */
final class Session<M, B> {
    private static final System.Logger LOG = System.getLogger("dev.clew.nn.training");

    /** Apart from each other: the order of batches, what losses draw, and the batches that the model is judged by. */
    private static final int BATCHES = 0;

    private static final int DRAWS = 1;
    private static final int HELD = 2;

    private final TrainerSettings<M, B> settings;
    private final ImmutableList<Callback> told;
    private final StepMaker<B> steps;
    private final Progression at = new Progression();
    private final Best best;
    private final M copy;
    private final Optional<Kept<M>> kept;

    private final long began = System.nanoTime();
    private long lastStep = began;
    private long lastEpoch = began;

    Session(TrainerSettings<M, B> settings) {
        this.settings = settings;
        this.told = settings.told();
        this.best = new Best(Parameters.named(settings.model));
        this.copy = Parameters.copy(settings.model); // Now, since what cannot be copied is better told at the start.
        if (settings.limits.patience().isPresent() && settings.judge.isEmpty()) {
            throw new IllegalStateException(
                    "train: stopWhenNoBetterFor(...) goes by the first metric, and there is none;"
                            + " say validate(batches, metric)");
        }
        Consumer<String> compiling = what -> told.forEach(each -> each.compiling(what));
        this.steps = settings.lessons.steps(settings.optimizer, settings.bytes, compiling);
        this.kept = settings.keeping.map(keeping -> new Kept<>(keeping, settings, at, best, steps));
    }

    /** @param isResumed whether to go on from a snapshot, if there is one */
    Ending<M> run(boolean isResumed) {
        kept.ifPresent(each -> each.begin(isResumed));
        try (Interruption interruption = Interruption.watch()) {
            Callback.Start start = new Callback.Start(
                    at.step, at.epoch, settings.limits.total(settings.batches.size(at.epoch)), settings.limits.time());
            told.forEach(each -> each.began(start));
            Ending<M> ending = trained(interruption);
            told.forEach(each -> each.ended(ending));
            if (ending instanceof Ending.NotFinite<M> && settings.isQuiet) {
                LOG.log(Level.WARNING, "Training ended: {0}", ending);
            }
            return ending;
        } finally {
            told.forEach(Callback::closed);
        }
    }

    private M bestModel() {
        best.set(copy);
        return copy;
    }

    private Ending<M> trained(Interruption interruption) {
        Optional<EpochReport> before = at.judged.filter(settings.limits.isEnough());
        if (before.isPresent()) { // As it was before it was resumed.
            return stopped(before.get());
        }
        while (!isAtTheEnd()) {
            if (hasRunOut()) { // Before it was resumed.
                return noBetter();
            }
            Ending<M> ending = epoch(interruption);
            if (ending != null) {
                return ending;
            }
        }
        kept.ifPresent(Kept::writeAtTheEnd);
        return new Ending.Finished<>(bestModel(), at.step);
    }

    /** All steps and epochs are made, and an epoch whose last step was the last of all is judged, if that is known. */
    private boolean isAtTheEnd() {
        boolean isToBeJudged = at.batch > 0 && settings.batches.size(at.epoch).orElse(-1) == at.batch;
        return settings.limits.isReached(at.step, at.epoch) && !isToBeJudged;
    }

    /** The rest of an epoch; how training ended, if it did. */
    private @Nullable Ending<M> epoch(Interruption interruption) {
        Batches<B> batches = settings.batches;
        try (Stream<B> rest = batches.from(settings.key.fold(BATCHES), at.epoch, at.batch)) {
            for (Iterator<B> next = rest.iterator(); next.hasNext(); ) {
                Ending<M> ending = step(next.next(), interruption);
                if (ending != null) {
                    return ending;
                }
                if (isAtTheEnd()) {
                    return null;
                }
            }
        }
        if (at.batch == 0) {
            throw new IllegalArgumentException("train: epoch " + at.epoch + " has no batch: " + batches + " gave none");
        }
        return judged(interruption);
    }

    private @Nullable Ending<M> step(B batch, Interruption interruption) {
        if (interruption.isAsked()) {
            return interrupted();
        }
        StepReport report;
        try {
            report = report(made(batch));
        } catch (ArithmeticException notFinite) {
            if (at.skipped >= settings.skips) {
                kept.ifPresent(Kept::writeAtTheEnd);
                return new Ending.NotFinite<>(bestModel(), at.step, at.epoch, at.batch, numbered(notFinite));
            }
            at.skipped++;
            report = report(null);
        }
        StepReport made = report;
        told.forEach(each -> each.stepped(made));
        boolean isOver = settings.limits.time().filter(this::isOver).isPresent();
        if (isOver) {
            kept.ifPresent(Kept::writeAtTheEnd);
            return stopped(
                    "it took longer than " + Figures.of(settings.limits.time().orElseThrow()));
        }
        kept.ifPresent(Kept::writeIfItIsTime);
        return interruption.isAsked() ? interrupted() : null;
    }

    /** Of the step of the run: an optimizer counts only those that it has made itself since it was made. */
    private ArithmeticException numbered(ArithmeticException error) {
        String text = String.valueOf(error.getMessage());
        ArithmeticException numbered =
                new ArithmeticException(text.replaceFirst("^step \\d+:", "step " + (at.step + 1) + ":"));
        numbered.initCause(error);
        return numbered;
    }

    private boolean isOver(Duration limit) {
        return System.nanoTime() - began > limit.toNanos();
    }

    private StepMaker.Made made(B batch) {
        RandomKey key = settings.key.fold(DRAWS).fold(at.step);
        try {
            return steps.step(batch, key);
        } catch (ArithmeticException notFinite) {
            return steps.traced(batch, key); // What was not finite is so again.
        }
    }

    private StepReport report(StepMaker.@Nullable Made made) {
        long now = System.nanoTime();
        Duration time = Duration.ofNanos(now - lastStep);
        lastStep = now;
        StepReport report = new StepReport(
                at.step + 1,
                at.epoch,
                at.batch,
                made == null ? Double.NaN : made.loss(),
                made == null ? Double.NaN : made.gradientNorm(),
                settings.optimizer.rate(),
                time,
                made == null);
        at.passed(report);
        return report;
    }

    /** The end of an epoch. */
    private @Nullable Ending<M> judged(Interruption interruption) {
        if (settings.judge.isEmpty()) {
            return stoppedAfter(epochEnded(ImmutableMap.of(), false));
        }
        Judge<B> judge = settings.judge.get();
        Optional<Map<String, Double>> values = judge.judged(settings.key.fold(HELD), interruption::isAsked);
        if (values.isEmpty()) {
            return interrupted();
        }
        double value = values.get().values().iterator().next();
        boolean isBest = best.judge(value, judge.first().isMoreBetter());
        if (Double.isFinite(value)) {
            settings.optimizer.report(value);
        } else {
            LOG.log(
                    Level.WARNING,
                    "{0} is {1} after epoch {2}: no weights are better or worse by it",
                    judge.first().name(),
                    value,
                    at.epoch + 1);
        }
        return stoppedAfter(epochEnded(values.get(), isBest));
    }

    private EpochReport epochEnded(Map<String, Double> metrics, boolean isBest) {
        long now = System.nanoTime();
        Duration time = Duration.ofNanos(now - lastEpoch);
        lastEpoch = now;
        EpochReport report =
                new EpochReport(at.epoch, at.step, at.meanLoss(), metrics, isBest, settings.optimizer.rate(), time);
        at.epochPassed(report);
        steps.restart();
        told.forEach(each -> each.epochEnded(report));
        return report;
    }

    private @Nullable Ending<M> stoppedAfter(EpochReport report) {
        boolean isEnough = settings.limits.isEnough().test(report);
        if (!isEnough && !hasRunOut()) {
            return null;
        }
        kept.ifPresent(Kept::writeAtTheEnd);
        return isEnough ? stopped(report) : noBetter();
    }

    private boolean hasRunOut() {
        return best.epochsSince() >= settings.limits.patience().orElse(Integer.MAX_VALUE);
    }

    private Ending<M> noBetter() {
        int epochs = best.epochsSince();
        return stopped(settings.judge.orElseThrow().first().name() + " no better for " + epochs
                + (epochs == 1 ? " epoch" : " epochs"));
    }

    private Ending<M> stopped(EpochReport report) {
        return stopped("it was told to after epoch " + (report.epoch() + 1));
    }

    private Ending<M> stopped(String why) {
        return new Ending.StoppedEarly<>(bestModel(), at.step, why);
    }

    private Ending<M> interrupted() {
        kept.ifPresent(Kept::write);
        return new Ending.Interrupted<>(
                bestModel(),
                at.step,
                kept.map(each -> each.file()),
                settings.command.orElseGet(CommandLine::ofThisJvm));
    }
}
