package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import org.jspecify.annotations.Nullable;

/** Nodes that may be done at once, by place; a root's are the parts of one node, given. */
final class LiftGroup {
    final int size;
    final @Nullable Alike key;
    /** In any order; a group that is not complete has room for few, or many groups of one member would need a square of it. */
    final IntArrayList members = new IntArrayList(2);

    /** Whether a part of the stack may be lifted alone, as it must where the first state of a loop stands before those it computes. */
    final boolean isOfStates;
    /** Whether places go with time. */
    final boolean isAlong;
    /** The first place that is lifted. */
    int first;

    int lifted = -1;
    /** Of states as they are, the loop that computes them. */
    int loop = -1;
    /** What the loop starts from, and where that stands. */
    int start = -1;

    int startPlace = -1;

    LiftGroup(int size, @Nullable Alike key, boolean isOfStates, boolean isAlong) {
        this.size = size;
        this.key = key;
        this.isOfStates = isOfStates;
        this.isAlong = isAlong;
    }

    boolean isComplete() {
        return members.size() == size;
    }

    /** The member at a place, or what stands for it; -1 if there is none. */
    int at(int place, int... placeOf) {
        if (place < 0 || place >= size) {
            return -1;
        }
        for (int member : members) {
            if (placeOf[member] == place) {
                return member;
            }
        }
        return place == startPlace ? start : -1;
    }

    /** What an operand is to its group: shared by all, a stack, one the other way round, or made alike of data that each has its own of. */
    enum Source {
        SHARED(0),
        STACK(1),
        DATA(2),
        MIRRORED(3);

        private static final int SHIFT = 33;

        private final int code;

        Source(int code) {
            this.code = code;
        }

        /** What an operand is, and which, as one number. */
        long of(int id) {
            return of(id, 0);
        }

        static boolean isStack(long operand) {
            return (operand & STACK.code) != 0;
        }

        /** The same for a stack of which every member reads the part so many places further, or mirrored at such a place. */
        long of(int id, int shift) {
            return (long) shift << SHIFT | (long) id << 2 | code;
        }

        static Source in(long operand) {
            return values()[(int) (operand & 3)];
        }

        static int id(long operand) {
            return (int) (operand >> 2) & Integer.MAX_VALUE;
        }

        static int shift(long operand) {
            return (int) (operand >> SHIFT);
        }
    }

    /** What members of a group have in common, with an operand as {@link Source#of} has it. */
    record Alike(Op op, Shape shape, LongArrayList operands, int phase) {}
}
