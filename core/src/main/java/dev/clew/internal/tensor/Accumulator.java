package dev.clew.internal.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.BitSet;

/** An array of sums under construction. */
public final class Accumulator {
    private final DType type;
    private final Shape shape;
    private final double[] sums;
    private final BitSet begun = new BitSet();

    public Accumulator(DType type, Shape shape) {
        this.type = type;
        this.shape = shape;
        this.sums = new double[shape.elements()];
    }

    /** Adds an array at a window of this one. The first number at a position is put there as it is: 0 + −0 would not be −0. */
    public void add(Window window, NDArray array) {
        double[] values = array.toDoubles();
        if (values.length == 0) {
            return;
        }
        int rank = shape.rank();
        int[] index = new int[rank];
        for (double value : values) {
            int position = 0;
            for (int axis = 0; axis < rank; axis++) {
                position = position * shape.length(axis)
                        + window.start().get(axis)
                        + index[axis] * window.step().get(axis);
            }
            if (begun.get(position)) {
                add(position, value);
            } else {
                begun.set(position);
                sums[position] = value;
            }
            for (int axis = rank - 1;
                    axis >= 0 && ++index[axis] == array.shape().length(axis);
                    axis--) {
                index[axis] = 0;
            }
        }
    }

    private void add(int position, double value) {
        double sum = sums[position] + value;
        sums[position] = type == DType.F32 ? (float) sum : sum;
    }

    public NDArray array() {
        return NDArray.of(shape, sums).cast(type);
    }
}
