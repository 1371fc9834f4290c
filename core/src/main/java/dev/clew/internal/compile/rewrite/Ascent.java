package dev.clew.internal.compile.rewrite;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import java.util.Arrays;

/** Which of two nodes that are made alike is made of a later part of something: the step of a loop that reads the later input. */
final class Ascent {
    private static final int MOST_DEPTH = 64;

    private Ascent() {}

    /** Positive if the second is, negative if the first is, 0 if they are the same. */
    static int between(Program program, int first, int second) {
        int one = first;
        int other = second;
        for (int depth = 0; one != other && depth < MOST_DEPTH; depth++) {
            Node node = program.node(one);
            Node that = program.node(other);
            if (node.op() instanceof Movement.Slice from
                    && that.op() instanceof Movement.Slice to
                    && node.input(0) == that.input(0)) {
                return Arrays.compare(
                        Window.of(to).start().toArray(), Window.of(from).start().toArray());
            }
            if (node.inputCount() == 0 || node.inputCount() != that.inputCount()) {
                return Integer.compare(other, one);
            }
            int input = differing(node, that);
            one = node.input(input);
            other = that.input(input);
        }
        return Integer.compare(other, one);
    }

    /** Whether later places of an axis hold what is made of later parts of what a program is given. */
    static boolean isAlong(Program program, int whole, int axis) {
        return sign(program, whole, axis, MOST_DEPTH) >= 0;
    }

    private static int sign(Program program, int whole, int axis, int depth) {
        Node node = program.node(whole);
        if (depth == 0 || node.inputCount() == 0) {
            return 1;
        }
        return switch (node.op()) {
            case Movement.Concat concat
            when concat.axis() == axis -> {
                int longest = longest(program, node, axis);
                yield longest < 0
                        ? parts(program, node, depth - 1)
                        : sign(program, node.input(longest), axis, depth - 1);
            }
            case SteppedRecurrence _ when axis == 0 -> sign(program, node.input(2), 0, depth - 1);
            case Contraction.MatMul product
            when axis == 0 && !product.transposeA() -> sign(program, node.input(0), 0, depth - 1);
            case Movement.Transpose transpose ->
                sign(program, node.input(0), transpose.order().get(axis), depth - 1);
            case Movement.Slice slice ->
                Integer.signum(slice.step().get(axis)) * sign(program, node.input(0), axis, depth - 1);
            case Movement.Reshape _ when axis == 0 -> sign(program, node.input(0), 0, depth - 1);
            case Elementwise _ -> sign(program, node.input(0), axis, depth - 1);
            case Reduction _, Contraction _, Movement _, Selection _, Scan _, Custom _, Source _ -> 1;
        };
    }

    /** The part of a concat that holds most of it, if there is one; else -1. */
    private static int longest(Program program, Node concat, int axis) {
        for (int i = 0; i < concat.inputCount(); i++) {
            if (2 * program.node(concat.input(i)).shape().length(axis)
                    > concat.shape().length(axis)) {
                return i;
            }
        }
        return -1;
    }

    private static int parts(Program program, Node concat, int depth) {
        int end = concat.inputCount() < 4 ? 0 : 1; // The ends of a loop are often made in another way.
        int one = concat.input(end);
        int other = concat.input(concat.inputCount() - 1 - end);
        for (int left = depth; one != other && left > 0; left--) {
            Node node = program.node(one);
            Node that = program.node(other);
            if (node.op() instanceof Movement.Slice from
                    && that.op() instanceof Movement.Slice to
                    && node.input(0) == that.input(0)) {
                int[] starts = Window.of(from).start().toArray();
                int[] ends = Window.of(to).start().toArray();
                int axis = Math.max(0, Arrays.mismatch(starts, ends));
                return Integer.signum(Arrays.compare(ends, starts)) * sign(program, node.input(0), axis, left - 1);
            }
            if (node.inputCount() == 0 || node.inputCount() != that.inputCount()) {
                return Integer.compare(other, one);
            }
            int input = differing(node, that);
            one = node.input(input);
            other = that.input(input);
        }
        return 1;
    }

    /** The first input that is not the same, or the last. */
    private static int differing(Node node, Node that) {
        int input = 0;
        while (input + 1 < node.inputCount() && node.input(input) == that.input(input)) {
            input++;
        }
        return input;
    }
}
