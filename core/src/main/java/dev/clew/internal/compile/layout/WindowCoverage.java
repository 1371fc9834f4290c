package dev.clew.internal.compile.layout;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Window;
import java.util.BitSet;
import java.util.List;

/** Which elements of an array some windows have covered so far. */
public final class WindowCoverage {
    /** How much of a window was covered before. */
    public enum Before {
        NOTHING,
        SOME,
        ALL
    }

    private final MemoryView array;
    private final BitSet covered = new BitSet();

    public WindowCoverage(Shape shape) {
        array = MemoryView.contiguous(shape, DType.BOOL);
    }

    public boolean isComplete() {
        return covered.cardinality() == array.shape().elements();
    }

    /** Covers one more window, which has at least one element. */
    public Before cover(Window window) {
        MemoryView view = array.slice(window);
        LoopNest nest = LoopNest.of(view.shape(), List.of(view));
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
