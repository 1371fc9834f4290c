package dev.clew.nn.credit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A way to keep the influence J of the steps before on the state. For a report it is kept for every step by itself that it comes from,
 * its source; otherwise there is one source for all.
 */
sealed interface Influence permits FullInfluence, SparseInfluence, RankOneInfluence {
    /** What is carried at the start of a stream, after so many steps of streams before. */
    List<NDArray> start(long steps);

    /** What is drawn anew for a step, or says which source it is: the number of the step, in all and since the stream began. */
    List<NDArray> drawn(long steps, long since);

    /** After a step. */
    After next(Moment<?> moment, List<Tensor> carried, List<Tensor> drawn);

    /**
     * What a step makes of it.
     *
     * @param carried J', in the form in which J was
     * @param slopes the gradient of the loss through the state before, by sources: (sources, p)
     * @param missed how much is not kept that is kept according to the way; a single number, 0 if all is well
     */
    record After(List<Tensor> carried, Optional<Tensor> slopes, Optional<Tensor> missed) {}

    /** The same, kept in a form that misses nothing; only asked of one that has missed something. */
    default Influence widened() {
        throw new IllegalStateException(this + " misses nothing");
    }

    /** What is carried, in the form of {@link #widened}. */
    default List<NDArray> widened(List<NDArray> carried) {
        throw new IllegalStateException(this + " misses nothing, of " + carried.size());
    }

    /** 1 at the source that a step is, 0 elsewhere. Source 0 is the start, and of more steps than there are sources the last is it. */
    static List<NDArray> weights(int sources, long since, DType dtype, Shape shape) {
        if (sources == 1) {
            return List.of();
        }
        double[] numbers = new double[sources];
        numbers[(int) Math.min(since + 1, sources - 1)] = 1;
        return List.of(NDArray.of(shape, numbers).cast(dtype));
    }
}
