package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cell on a stream: takes its steps one by one, without end, and gives gradients through time by the way that was chosen. The state is
 * carried on, from batch to batch, as numbers; memory does not grow but by {@link Credit#bptt}.
 *
 * {@snippet lang=java :
 * record Model(Lstm cell, Linear head) {}
 * var model = new Model(Lstm.create(2, 4, key.fold(0)), Linear.create(4, 1, key.fold(1)));
 * var online = Online.of(
 *         model, model.cell(), (h, target) -> Losses.meanSquaredError(model.head().of(h), target), Credit.realTime());
 * var adam = Adam.of(model, 0.001);
 * while (stream.hasNext()) {
 *     Tensor x = stream.next();
 *     online.step(x, target(x)).ifPresent(lesson -> adam.step(lesson.gradients()));
 * }
 * }
 *
 * <p>The ways forward give a lesson in every step that has a target. {@link Credit#truncated} gives one every k1 steps, for all of them.
 * {@link Credit#bptt} gives none until {@link #rest} asks for it. Within a lesson the gradient is that of the sum of the losses of its
 * steps: the losses of all lessons and rests are those of all steps, each once.
 *
 * <p>Steps are computed in plans that are compiled once for all that are alike: with a target or without, and where steps go back
 * together, with targets at the same of them. A cell that draws at random in every step, or counts them in its state, is made into
 * formulas anew each time, which takes longer.
 *
 * @param <S> the cell's state
 */
public final class Online<S> {
    private final Task<S> task;
    private final Credit credit;
    private @Nullable Way<S> way;
    private int batch;
    private long steps;

    private Online(Task<S> task, Credit credit) {
        this.task = task;
        this.credit = credit;
    }

    /**
     * A stream that begins at the cell's first state. How many sequences go side by side, the first step says.
     *
     * @param model whose parameters are to be learnt: a record of the cell and what the loss has besides, say
     * @param loss of a step, from the cell's output and the target: a single number
     */
    public static <S> Online<S> of(Object model, Cell<S> cell, BiFunction<Tensor, Tensor, Tensor> loss, Credit credit) {
        Present.require("online", model, cell, loss, credit);
        return new Online<>(Task.of(model, cell, loss), credit);
    }

    /**
     * One step, whose loss counts. Shapes: x (batch, ...).
     *
     * @param target what the loss compares with, of any shape
     * @return what there is to learn now
     * @throws IllegalArgumentException if the batch is another one than before, or x or the target are computed from the model's
     *     parameters
     */
    public synchronized Optional<Lesson> step(Tensor x, Tensor target) {
        Present.require("step", x, target);
        return fed(task.fed("the input", x), Optional.of(task.fed("the target", target)));
    }

    /** One step without a loss, on which later losses may depend. */
    public synchronized Optional<Lesson> step(Tensor x) {
        Present.require("step", x);
        return fed(task.fed("the input", x), Optional.empty());
    }

    private Optional<Lesson> fed(NDArray x, Optional<NDArray> target) {
        if (x.shape().rank() == 0 || x.shape().length(0) == 0) {
            throw new IllegalArgumentException(
                    "step with x " + x.shape() + " " + x.dtype() + ": it is (batch, ...), of at least one sequence");
        }
        Way<S> present = way;
        int sequences = x.shape().length(0);
        if (present == null) {
            present = begun(x);
            way = present;
            batch = sequences;
        } else if (sequences != batch) {
            throw new IllegalArgumentException("step with x " + x.shape() + ": the stream has a batch of " + batch
                    + " sequences, whose state is carried on; make another stream for another number");
        }
        steps++;
        return present.step(x, target);
    }

    private Way<S> begun(NDArray x) {
        int sequences = x.shape().length(0);
        return switch (credit) {
            case Credit.Bptt _ -> Backward.toTheStart(task, sequences);
            case Credit.Truncated truncated -> Backward.of(task, sequences, truncated);
            case Credit.RealTime _, Credit.Sparse _, Credit.Unbiased _ -> Forward.of(task, credit, x, sequences, 1);
        };
    }

    /** What of the steps so far has not been learnt: by backpropagation, the steps since the last lesson. The stream goes on. */
    public synchronized Optional<Lesson> rest() {
        return way == null ? Optional.empty() : way.rest();
    }

    /** Begins anew at the cell's first state: what was before has no influence any more. What was not learnt is dropped. */
    public synchronized void restart() {
        if (way != null) {
            way.restart();
        }
    }

    /**
     * The state after all steps so far, as numbers.
     *
     * @throws IllegalStateException before the first step
     */
    public synchronized S state() {
        if (way == null) {
            throw new IllegalStateException(
                    "state of a stream without a step: it begins at start(batch) of the cell, and its batch is not known");
        }
        return States.detach(way.state());
    }

    /** How it learns. */
    public Credit credit() {
        return credit;
    }

    /** What it learns. */
    Task<S> task() {
        return task;
    }

    /** What is kept from one step to the next, in bytes: states, influences, steps that are not learnt yet. */
    public synchronized long carriedBytes() {
        return way == null ? 0 : way.carriedBytes();
    }

    /** The memory of the plans in which steps are computed, in bytes; 0 where they are made anew, and found by structure. */
    public synchronized long planBytes() {
        return way == null ? 0 : way.planBytes();
    }

    /** How it learns, and how far it is. */
    @Override
    public String toString() {
        return "Online by " + credit + ", after " + steps + (steps == 1 ? " step" : " steps");
    }
}
