package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.data.Batches;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Trains a model for long: makes steps of batches, judges after every epoch, keeps the best weights, shows itself, saves, stops, and goes on
 * where it was.
 *
 * {@snippet lang=java :
 * var trainer = Trainer.of(model, Adam.of(model, 1e-3), sequences.batches(32), batch -> model.loss(batch))
 *         .epochs(20)
 *         .validate(held.batches(256), Metrics.accuracy(batch -> model.scores(batch), batch -> batch.targets()))
 *         .stopWhenNoBetterFor(5)
 *         .keep(Path.of("run"), Duration.ofMinutes(5));
 * switch (trainer.resumeOrStart()) {
 *     case Ending.Finished<Model> finished -> use(finished.best());
 *     case Ending<Model> other -> IO.println(other);
 * }
 * }
 *
 * <p>A trainer is a description; every option gives another one. The same seed gives the same bits: batches are a function of a key, the
 * epoch and the step, and what the loss draws is one of a key and the step. So a run that was ended, in the middle of an epoch too, goes
 * on to the same bits as one that was not.
 *
 * <p>The loss is built anew for every batch, and may be any Java: what has been built before has its plan. {@link #onPlans()} builds it once
 * for every form of batch instead.
 *
 * <p>Unless it is told otherwise, it shows itself on the error stream: a bar in a terminal, a line for every epoch elsewhere.
 *
 * @param <M> the model
 * @param <B> a batch
 */
@CheckReturnValue
public final class Trainer<M, B> {
    private final TrainerSettings<M, B> settings;

    private Trainer(TrainerSettings<M, B> settings) {
        this.settings = settings;
    }

    /**
     * A trainer for one epoch.
     *
     * @param optimizer of parameters of this model
     * @param loss of a batch: one floating-point number
     * @throws IllegalArgumentException if the model has no parameters
     */
    public static <M, B> Trainer<M, B> of(
            M model, Optimizer optimizer, Batches<B> batches, Function<? super B, Tensor> loss) {
        Present.require("trainer", loss);
        return of(model, optimizer, batches, (batch, _) -> loss.apply(batch));
    }

    /** The same with a loss that draws: dropout, noise. */
    public static <M, B> Trainer<M, B> of(M model, Optimizer optimizer, Batches<B> batches, Objective<B> loss) {
        Present.require("trainer", model, optimizer, batches, loss);
        Carrying<B, List<Tensor>> nothing = (batch, state, key) -> new Cell.Out<>(loss.of(batch, key), state);
        return new Trainer<>(new TrainerSettings<>(model, optimizer, batches, new Lessons<>(nothing, List.of())));
    }

    /**
     * The same where every batch goes on from the state that the one before has left: truncated backpropagation through time. Every epoch
     * begins with the state at the start.
     *
     * @param start {@code cell.start(batch)}, say
     */
    public static <M, B, S> Trainer<M, B> carrying(
            M model, Optimizer optimizer, Batches<B> batches, S start, Carrying<B, S> loss) {
        Present.require("trainer", model, optimizer, batches, start, loss);
        return new Trainer<>(
                new TrainerSettings<>(model, optimizer, batches, new Lessons<>(loss, States.detach(start))));
    }

    private Trainer<M, B> with(Consumer<TrainerSettings<M, B>> change) {
        TrainerSettings<M, B> other = settings.copy();
        change.accept(other);
        return new Trainer<>(other);
    }

    private static void requirePositive(String asked, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(asked + " " + number + ": there must be 1 or more");
        }
    }

    /**
     * For so many epochs in all.
     *
     * @throws IllegalArgumentException if they are fewer than 1
     */
    public Trainer<M, B> epochs(int most) {
        requirePositive("epochs", most);
        return with(each -> each.limits = each.limits.withEpochs(most));
    }

    /**
     * For so many steps in all, over as many epochs as they need, unless epochs are limited too.
     *
     * @throws IllegalArgumentException if they are fewer than 1
     */
    public Trainer<M, B> steps(long most) {
        requirePositive("steps", most);
        return with(each -> each.limits = each.limits.withSteps(most));
    }

    /** From another seed than 0. */
    public Trainer<M, B> seed(long seed) {
        return with(each -> each.key = RandomKey.of(seed));
    }

    /**
     * Judges the model after every epoch, by all of these batches. By the first of the metrics it is told which weights are best.
     *
     * @throws IllegalArgumentException if there are no metrics, or two of one name
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only looked at.
    public final Trainer<M, B> validate(Batches<B> held, Metric<? super B>... metrics) {
        Present.require("validate", held, metrics);
        Judge<B> judge = new Judge<>(held, ImmutableList.copyOf(metrics));
        return with(each -> each.judge = Optional.of(judge));
    }

    /**
     * Stops when the first metric has not become better for so many epochs in a row.
     *
     * @throws IllegalArgumentException if they are fewer than 1
     */
    public Trainer<M, B> stopWhenNoBetterFor(int epochs) {
        requirePositive("stop when no better for epochs", epochs);
        return with(each -> each.limits = each.limits.withPatience(epochs));
    }

    /** Stops after an epoch of which something holds. */
    public Trainer<M, B> stopWhen(Predicate<EpochReport> isEnough) {
        Present.require("stopWhen", isEnough);
        return with(each -> each.limits = each.limits.withEnough(isEnough));
    }

    /**
     * Stops after the first step that ends later than this. What was trained before it was ended does not count.
     *
     * @throws IllegalArgumentException if it is not longer than nothing
     */
    public Trainer<M, B> stopAfter(Duration time) {
        Present.require("stopAfter", time);
        if (!time.isPositive()) {
            throw new IllegalArgumentException("stop after " + time + ": it must be longer than nothing");
        }
        return with(each -> each.limits = each.limits.withTime(time));
    }

    /**
     * Keeps all that is needed to go on in a folder, which is made if it is not there: every five minutes, and at the end.
     *
     * @see #keep(Path, Duration)
     */
    public Trainer<M, B> keep(Path folder) {
        return keep(folder, Duration.ofMinutes(5));
    }

    /**
     * Keeps all that is needed to go on in a folder, which is made if it is not there: at intervals, and at the end, whatever ends it. It is
     * one {@link Snapshot}, {@link #snapshotIn}, of which there is always a whole one: its parameters are those of the last step, and
     * {@code model("best")} those by which the first metric was best.
     */
    public Trainer<M, B> keep(Path folder, Duration interval) {
        Present.require("keep", folder, interval);
        if (interval.isNegative()) {
            throw new IllegalArgumentException("keep every " + interval + ": it must not be negative");
        }
        return with(each -> each.keeping = Optional.of(new Keeping(folder, interval)));
    }

    /** The file that a run is kept in: {@code training.safetensors}. */
    public static Path snapshotIn(Path folder) {
        Present.require("snapshotIn", folder);
        return new Keeping(folder, Duration.ZERO).file();
    }

    /** Which command goes on when it has been interrupted; without it, the one that this JVM was started with is told. */
    public Trainer<M, B> resumedBy(String command) {
        Present.require("resumedBy", command);
        return with(each -> each.command = Optional.of(command));
    }

    /**
     * Builds the loss once for every form of batch, with the tensors of the batch and the key as inputs of a plan: the tightest loop. The loss
     * must then be a formula of these alone: what else it reads, or does, is as it was the first time. A batch is made of tensors; what it has
     * beside them (names, numbers) belongs to its form.
     */
    public Trainer<M, B> onPlans() {
        return onPlansWithin(Long.MAX_VALUE);
    }

    /** The same with plans whose memory is at most so large, each: {@link Optimizer#compileWithin}. */
    public Trainer<M, B> onPlansWithin(long bytes) {
        requirePositive("plans within bytes", bytes);
        return with(each -> each.bytes = OptionalLong.of(bytes));
    }

    /**
     * Leaves out steps in which a number is not finite, and counts them, instead of ending there; but not more than so many in all.
     *
     * @throws IllegalArgumentException if they are fewer than 1
     */
    public Trainer<M, B> skipNotFinite(int most) {
        requirePositive("skip steps that are not finite, at most", most);
        return with(each -> each.skips = most);
    }

    /** Tells somebody what happens. */
    public Trainer<M, B> tell(Callback callback) {
        Present.require("tell", callback);
        return with(each -> each.tell(callback));
    }

    /** Calls a function after every step. */
    public Trainer<M, B> afterStep(Consumer<StepReport> function) {
        Present.require("afterStep", function);
        return tell(new Callback() {
            @Override
            public void stepped(StepReport report) {
                function.accept(report);
            }
        });
    }

    /** Calls a function after every epoch, when the model has been judged. */
    public Trainer<M, B> afterEpoch(Consumer<EpochReport> function) {
        Present.require("afterEpoch", function);
        return tell(new Callback() {
            @Override
            public void epochEnded(EpochReport report) {
                function.accept(report);
            }
        });
    }

    /** Shows nothing of itself. */
    public Trainer<M, B> quietly() {
        return with(each -> each.isQuiet = true);
    }

    /**
     * Trains from where the model and the optimizer are.
     *
     * @throws IllegalStateException if the folder has a snapshot already, which this run would write over
     * @throws java.io.UncheckedIOException if the snapshot cannot be written at the start, or when it is interrupted
     */
    @CheckReturnValue
    public Ending<M> start() {
        return new Session<>(settings).run(false);
    }

    /**
     * Goes on from the snapshot in the folder, or, if there is none, starts.
     *
     * @throws IllegalArgumentException if the snapshot is not one of such a model, optimizer and seed; then nothing has changed
     * @throws IllegalStateException if no folder was given
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    @CheckReturnValue
    public Ending<M> resumeOrStart() {
        if (settings.keeping.isEmpty()) {
            throw new IllegalStateException("resumeOrStart: there is no folder to go on from; say keep(folder)");
        }
        return new Session<>(settings).run(true);
    }

    /** What is trained, and for how long. */
    @Override
    public String toString() {
        return "Trainer of " + settings.model.getClass().getSimpleName() + " with " + settings.optimizer + ", "
                + settings.limits;
    }
}
