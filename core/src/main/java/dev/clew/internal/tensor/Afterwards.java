package dev.clew.internal.tensor;

import dev.clew.tensor.Graph;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of losses after their steps of training. A formula means its value with the parameters of now, so a loss that is
 * read after its step is no longer the loss of that step, and a sum of the losses of many steps is computed anew with today's
 * parameters. Both are said once for an optimizer, when it happens, with the remedy.
 *
 * <p>A formula with a mask that was drawn when it was built, and that is stepped again, has the same mask again: that is said too.
 *
 * <p>A formula that was built before training and is stepped and read many times is right, and so is whoever takes {@code
 * step.loss()} and reads the loss again to compare: of these nothing is said. Watched are the outputs of steps and, among what
 * they are computed from, the last few single numbers.
 */
public final class Afterwards {
    private static final TensorAccess ACCESS = TensorAccess.get();
    private static final System.Logger LOG = System.getLogger("dev.clew.tensor");

    /** Different losses that are read after their only step, before anything is said. */
    private static final int READINGS = 2;

    /** How many single numbers that a loss is computed from are watched with it: an error and a penalty, say. */
    private static final int PIECES = 16;

    private long firstStep = -1;
    private int readings;
    private boolean isReadingSaid;
    private boolean isSumSaid;
    private boolean isDrawSaid;
    /** The last loss that was stepped again, and looked through for what was drawn. */
    private @Nullable Tensor again;

    private volatile boolean isTaken;

    /** Of an optimizer that has made no step yet. */
    public Afterwards() {}

    /**
     * On a tensor that was the output of a step, or a single number that such a one is a sum of.
     *
     * @param at how many tensors had been made at its last step
     * @param isFresh whether it was stepped once, was made after the first step, and was not read since
     */
    public record Mark(Afterwards optimizer, long at, boolean isFresh) {}

    /** Notes the outputs of a step, of which the first is the loss. */
    public synchronized void stepped(List<Tensor> outputs) {
        long now = ACCESS.made();
        firstStep = firstStep < 0 ? now : firstStep;
        if (ACCESS.mark(outputs.getFirst()) != null) {
            steppedAgain(outputs.getFirst());
        }
        ArrayDeque<Tensor> open = new ArrayDeque<>(outputs);
        for (int i = 0; i < outputs.size() + PIECES && !open.isEmpty(); i++) {
            Tensor output = open.remove();
            Mark before = ACCESS.mark(output);
            ACCESS.mark(output, new Mark(this, now, before == null && output.number() >= firstStep));
            for (Tensor piece : output.shape().elements() == 1 ? output.inputs() : List.<Tensor>of()) {
                if (piece.shape().elements() == 1 && !(piece.op() instanceof Source)) {
                    open.add(piece);
                }
            }
        }
    }

    /** A loop that builds its loss anew never comes here, and one that does not is looked through once. */
    private void steppedAgain(Tensor loss) {
        if (isDrawSaid || again == loss) {
            return;
        }
        again = loss;
        List<Tensor> drawn = Sources.drawn(Graph.of(List.of(loss)).nodes());
        if (!drawn.isEmpty()) {
            isDrawSaid = true;
            LOG.log(
                    Level.WARNING,
                    "The steps of {0} repeat {1} random mask(s), the first {2}: they were drawn when the formula was built."
                            + " Build the loss anew for every step, with dropout(x, rate, key.fold(step)); or compile it"
                            + " once with the key as an input: key = Tensor.input(\"key\", DType.I32, 2);",
                    loss.describe(),
                    drawn.size(),
                    drawn.getFirst().describe());
        }
    }

    /** Notes that somebody takes values from the step, and so knows where they are. */
    public void taken() {
        isTaken = true;
    }

    /** Looks at tensors whose values are asked for, and at all that has to be computed for them, in the order of creation. */
    static void asked(List<Tensor> tensors, List<Tensor> nodes) {
        @Nullable Mark first = null;
        @Nullable Mark later = null;
        for (Tensor node : nodes) {
            Mark mark = ACCESS.mark(node);
            if (mark != null) {
                later = first != null && node.number() >= first.at ? mark : later;
                first = first == null || mark.at < first.at ? mark : first;
            }
        }
        if (later != null) {
            later.optimizer.sum(tensors.getFirst());
        } else if (first != null) {
            tensors.forEach(Afterwards::read);
        }
    }

    private static void read(Tensor tensor) {
        Mark mark = ACCESS.mark(tensor);
        if (mark != null && mark.isFresh) {
            ACCESS.mark(tensor, new Mark(mark.optimizer, mark.at, false));
            mark.optimizer.reading(tensor);
        }
    }

    private synchronized void sum(Tensor asked) {
        if (!isSumSaid) {
            isSumSaid = true;
            LOG.log(
                    Level.WARNING,
                    "The value of {0} is computed from the losses of several training steps, all with the parameters of"
                            + " now: it is not the sum or mean of what the losses were, and its graph grows with every"
                            + " step. Add numbers instead: total += sgd.step(loss).loss();",
                    asked.describe());
        }
    }

    private synchronized void reading(Tensor loss) {
        readings++;
        if (readings == READINGS && !isReadingSaid && !isTaken) {
            isReadingSaid = true;
            LOG.log(
                    Level.INFO,
                    "The value of {0}, an output of a training step, is asked for after the step, so it is computed"
                            + " again with the new parameters. What it was in the step is at hand:"
                            + " var step = sgd.step(loss, other); step.loss(); step.value(other);",
                    loss.describe());
        }
    }

    @Override
    public String toString() {
        return "Watch over what is asked of losses after their steps";
    }
}
