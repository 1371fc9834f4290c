package dev.clew.internal.compile.layout;

import dev.clew.array.Shape;
import dev.clew.internal.runtime.sweep.Sweep;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A nest of loops over one shape and several views of it, with as few loops as their strides allow: neighboring axes over
 * which every view moves evenly are one loop.
 *
 * @param lengths of the loops, the outermost first; at least one
 * @param strides for every view, of every loop
 */
@SuppressWarnings("ArrayRecordComponent")
public // Never compared.
record LoopNest(int[] lengths, List<int[]> strides) {

    public static LoopNest of(Shape shape, List<MemoryView> views) {
        if (shape.elements() == 0) {
            return nothing(views.size());
        }
        Growing nest = new Growing(views);
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.length(axis) != 1) {
                nest.add(axis, shape.length(axis));
            }
        }
        return nest.grown();
    }

    /** A nest to which axes are added, each inside those before. */
    private static final class Growing {
        private final List<MemoryView> views;
        private final IntArrayList lengths = new IntArrayList();
        private final List<IntArrayList> strides = new ArrayList<>();

        Growing(List<MemoryView> views) {
            this.views = views;
            views.forEach(view -> strides.add(new IntArrayList()));
        }

        void add(int axis, int length) {
            if (isEven(axis, length)) {
                mergeWithInnermost(axis, length);
            } else {
                addLoop(axis, length);
            }
        }

        /** Whether every view moves on from the end of an axis as it moves in the innermost loop. */
        private boolean isEven(int axis, int length) {
            if (lengths.isEmpty()) {
                return false;
            }
            for (int i = 0; i < strides.size(); i++) {
                if (strides.get(i).topInt() != views.get(i).stride(axis) * length) {
                    return false;
                }
            }
            return true;
        }

        private void mergeWithInnermost(int axis, int length) {
            int outside = lengths.popInt();
            strides.forEach(IntArrayList::popInt);
            addLoop(axis, outside * length);
        }

        private void addLoop(int axis, int length) {
            lengths.push(length);
            for (int i = 0; i < strides.size(); i++) {
                strides.get(i).push(views.get(i).stride(axis));
            }
        }

        LoopNest grown() {
            if (lengths.isEmpty()) {
                lengths.push(1);
                strides.forEach(each -> each.push(0));
            }
            return new LoopNest(
                    lengths.toIntArray(),
                    strides.stream().map(IntArrayList::toIntArray).toList());
        }
    }

    /** One loop that is never run: loops around it would lead out of memory in which there is nothing. */
    private static LoopNest nothing(int views) {
        return new LoopNest(
                new int[1], IntStream.range(0, views).mapToObj(_ -> new int[1]).toList());
    }

    /** The same with the last axis as a loop of its own, along which views with one element for every row do not move. */
    public static LoopNest ofRows(Shape shape, List<MemoryView> views) {
        int last = shape.rank() - 1;
        List<MemoryView> starts = new ArrayList<>();
        for (MemoryView view : views) {
            starts.add(new MemoryView(
                    view.block(),
                    view.offset(),
                    shape.without(last),
                    view.strides().between(0, last),
                    view.type()));
        }
        LoopNest nest = of(shape.without(last), starts).inward();
        nest.lengths[nest.depth() - 1] = shape.length(last);
        for (int i = 0; i < views.size(); i++) {
            MemoryView view = views.get(i);
            nest.strides.get(i)[nest.depth() - 1] = view.shape().length(last) == 1 ? 0 : view.stride(last);
        }
        return nest;
    }

    public int depth() {
        return lengths.length;
    }

    /** How far a view moves in the innermost loop. */
    public int step(int view) {
        return strides.get(view)[depth() - 1];
    }

    /** With one more loop inside, of one step. */
    public LoopNest inward() {
        List<int[]> longer = new ArrayList<>();
        strides.forEach(each -> longer.add(Arrays.copyOf(each, depth() + 1)));
        int[] all = Arrays.copyOf(lengths, depth() + 1);
        all[depth()] = 1;
        return new LoopNest(all, longer);
    }

    /** How far a view has moved before a step of the outermost loops, counted over all of these. */
    public int position(int view, int step, int loops) {
        int position = 0;
        int rest = step;
        for (int loop = loops - 1; loop >= 0; loop--) {
            position += rest % lengths[loop] * strides.get(view)[loop];
            rest /= lengths[loop];
        }
        return position;
    }

    /** The same loops over the views' places in memory, once their blocks have places. */
    public Sweep sweep(List<MemoryView> views) {
        Sweep.Path[] paths = new Sweep.Path[views.size()];
        for (int i = 0; i < paths.length; i++) {
            long[] steps = new long[depth()];
            for (int loop = 0; loop < steps.length; loop++) {
                steps[loop] = (long) strides.get(i)[loop] * views.get(i).type().bytes();
            }
            paths[i] = new Sweep.Path(views.get(i).address(), steps);
        }
        return Sweep.of(lengths, paths);
    }
}
