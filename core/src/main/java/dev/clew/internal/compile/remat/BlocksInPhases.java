package dev.clew.internal.compile.remat;

import dev.clew.internal.array.BlockSum;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A product, or an addition by index, made stretch by stretch along the axis that it sums over, in the blocks that its meaning has:
 * the sum of the whole blocks goes on from stretch to stretch, and so does the block that is open, for which there is either a sum of
 * its own or, where that takes less memory, what it is made of waits.
 */
final class BlocksInPhases {
    private static final int NONE = -1;

    private final Program program;
    private final Rewrite rewrite;
    private final Node node;
    private final PartialSums.Sum sum;
    private final IntUnaryOperator made;
    private final int length;
    private final boolean waits;

    /** The sum of the whole blocks, and that of the open one. */
    private int total = NONE;

    private int open = NONE;
    private int done;

    /** The sum of a node, of terms that are {@code made} in the new program. */
    BlocksInPhases(Program program, Rewrite rewrite, Node node, PartialSums.Sum sum, IntUnaryOperator made) {
        this.program = program;
        this.rewrite = rewrite;
        this.node = node;
        this.sum = sum;
        this.made = made;
        this.length = sum.cuts()[sum.cuts().length - 1];
        this.waits = length > BlockSum.BLOCK && isLessToWait();
    }

    /** Whether what a block is made of is less than what it sums up to. */
    private boolean isLessToWait() {
        long each = 0;
        for (int input : node.inputs().toArray()) {
            each += program.node(input).shape().elements() / length;
        }
        return each * BlockSum.BLOCK < node.shape().elements();
    }

    /** Goes on to a place of the axis, in the phase that the program is in. */
    void goOn(int to) {
        if (open != NONE) {
            int end = Math.min(to, (done / BlockSum.BLOCK + 1) * BlockSum.BLOCK);
            open = rewrite.add(part(end, open).inBlock());
            done = end;
            if (isBlockEnd()) {
                total = total == NONE ? open : rewrite.sum(total, open);
                open = NONE;
            }
        }
        int whole = to == length && length > BlockSum.BLOCK ? to : to / BlockSum.BLOCK * BlockSum.BLOCK;
        if (whole > done) {
            total = rewrite.add(part(whole, total));
            done = whole;
        }
        if (to > done && !waits) {
            open = rewrite.add(part(to, NONE));
            done = to;
        }
    }

    private boolean isBlockEnd() {
        return done % BlockSum.BLOCK == 0 || done == length;
    }

    /** All of it. */
    int total() {
        return total == NONE ? open : total;
    }

    /** The terms from where the sum is to some place, on top of another sum, if there is one. */
    private Node part(int to, int before) {
        int count = node.inputCount();
        int[] inputs = Arrays.copyOf(node.inputs().toArray(), before == NONE ? count : count + 1);
        for (int input = 0; input < count; input++) {
            inputs[input] = operand(input, to);
        }
        if (before != NONE) {
            inputs[count] = before;
        }
        return rewrite.inPhase(node.withInputs(inputs));
    }

    /** A stretch of an operand along the axis that is summed over. */
    private int operand(int input, int to) {
        int axis = PartialSums.axis(node, input);
        int operand = node.input(input);
        if (!sum.joined()[input]) {
            return stretch(made.applyAsInt(operand), axis, done, to);
        }
        Movement.Concat concat = (Movement.Concat) program.node(operand).op();
        IntArrayList parts = new IntArrayList();
        for (int i = 0; i < concat.starts().length(); i++) {
            int part = program.node(operand).input(i);
            int start = concat.starts().get(i);
            int from = Math.max(done, start);
            int end = Math.min(to, start + program.node(part).shape().length(axis));
            if (from < end) {
                parts.add(stretch(made.applyAsInt(part), axis, from - start, end - start));
            }
        }
        return parts.size() == 1 ? parts.getInt(0) : rewrite.concat(axis, parts.toIntArray());
    }

    private int stretch(int whole, int axis, int from, int to) {
        boolean isAll = from == 0 && to == rewrite.node(whole).shape().length(axis);
        return isAll ? whole : rewrite.slice(whole, axis, from, to - from);
    }
}
