package dev.clew.nn.sequence;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.stream.IntStream;

/** Which steps of a padded batch belong to its sequences. */
public final class Masks {
    private Masks() {}

    /** True where t &lt; length. Shapes: lengths (batch) i32 → (batch, time) bool. */
    public static Tensor ofLengths(Tensor lengths, int time) {
        Present.require("mask of lengths", lengths);
        if (lengths.dtype() != DType.I32 || lengths.shape().rank() != 1 || time < 0) {
            throw new IllegalArgumentException("mask of the lengths " + lengths.describe() + " over " + time
                    + " steps: lengths are (batch) i32, and there are 0 steps or more");
        }
        Tensor steps = Tensor.of(NDArray.of(IntStream.range(0, time).toArray()));
        return steps.lessThan(lengths.expandDims(1));
    }
}
