package dev.clew.compile;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import java.util.BitSet;
import java.util.List;

/** Which elements of an array some windows have covered so far. */
final class Coverage {
    /** How much of a window was covered before. */
    enum Before {
        NOTHING,
        SOME,
        ALL
    }

    private final View array;
    private final BitSet covered = new BitSet();

    Coverage(Shape shape) {
        array = View.contiguous(shape, DType.BOOL);
    }

    boolean isComplete() {
        return covered.cardinality() == array.shape().elements();
    }

    /** Covers one more window, which has at least one element. */
    Before cover(Movement.Window window) {
        View view = array.slice(window);
        Nest nest = Nest.of(view.shape(), List.of(view));
        // A row that lies together is one range of bits; of any other, every element is one.
        boolean isTogether = nest.step(0) == 1;
        int loops = isTogether ? nest.depth() - 1 : nest.depth();
        int length = isTogether ? nest.lengths()[loops] : 1;
        int ranges = view.shape().elements() / length;
        boolean all = true;
        boolean nothing = true;
        for (int range = 0; range < ranges; range++) {
            int from = view.offset() + nest.position(0, range, loops);
            int to = from + length;
            int next = covered.nextSetBit(from);
            nothing &= next < 0 || next >= to;
            all &= next == from && covered.nextClearBit(from) >= to;
            covered.set(from, to);
        }
        return nothing ? Before.NOTHING : all ? Before.ALL : Before.SOME;
    }
}
