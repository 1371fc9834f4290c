package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of one node that lie side by side along an axis, and are alike along all others: the steps of a loop, or of a gate in each of
 * them.
 *
 * @param axis along which they are cut
 * @param one the first part there may be
 * @param parts the slices that take them, each at another place
 * @param places where these stand, counted in parts
 * @param taken the same as a set
 */
record EqualParts(int whole, int axis, Window one, IntArrayList parts, IntArrayList places, BitSet taken) {

    /** How a node is cut in equal parts, in all ways there are. */
    static List<EqualParts> of(Program program, Program.Users users, int whole) {
        Map<Cut, EqualParts> found = new LinkedHashMap<>();
        Shape shape = program.node(whole).shape();
        for (int use = 0; use < users.count(whole); use++) {
            int part = users.user(whole, use);
            if (program.node(part).op() instanceof Movement.Slice slice) {
                for (int axis = 0; axis < shape.rank(); axis++) {
                    add(found, part, whole, shape, Window.of(slice), axis);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private record Cut(int axis, Window one) {}

    private static void add(Map<Cut, EqualParts> found, int part, int whole, Shape shape, Window window, int axis) {
        int length = window.size().length(axis);
        int start = window.start().get(axis);
        boolean isEven = length > 0
                && length < shape.length(axis)
                && shape.length(axis) % length == 0
                && start % length == 0
                && (length == 1 || window.step().get(axis) == 1);
        if (isEven) {
            Window one = new Window(with(window.start(), axis, 0), with(window.step(), axis, 1), window.size());
            EqualParts parts = found.computeIfAbsent(
                    new Cut(axis, one),
                    cut -> new EqualParts(whole, axis, one, new IntArrayList(), new IntArrayList(), new BitSet()));
            if (!parts.taken.get(start / length)) {
                parts.taken.set(start / length);
                parts.parts.add(part);
                parts.places.add(start / length);
            }
        }
    }

    private static IntTuple with(IntTuple numbers, int at, int number) {
        int[] all = numbers.toArray();
        all[at] = number;
        return IntTuple.of(all);
    }

    /** How many parts there are, taken or not. */
    int count(Program program) {
        return program.node(whole).shape().length(axis) / one.size().length(axis);
    }

    boolean isComplete(Program program) {
        return parts.size() == count(program);
    }

    /** All parts along a new first axis. */
    int stack(Rewrite rewrite) {
        Node node = rewrite.node(whole);
        int length = one.size().length(axis);
        int count = node.shape().length(axis) / length;
        Shape kept = one.size().with(axis, node.shape().length(axis));
        int cut = kept.equals(node.shape())
                ? whole
                : rewrite.add(new Movement.Slice(one.start(), one.step(), kept), kept, node.type(), whole);
        if (axis == 0) {
            return rewrite.reshape(cut, one.size().insert(0, count));
        }
        Shape apart = one.size().insert(axis, count);
        return rewrite.toFront(rewrite.reshape(cut, apart), axis);
    }
}
