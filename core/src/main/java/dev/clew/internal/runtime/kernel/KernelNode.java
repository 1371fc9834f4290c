package dev.clew.internal.runtime.kernel;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;

/**
 * One vector, or one mask, of a vector kernel.
 *
 * @param lanes what its lanes are; of a mask, what the lanes of the vectors are that made it
 * @param a the number of an operand, or of a stream, or of a value, or -1
 */
@Immutable
record KernelNode(Op op, DType lanes, boolean isMask, int a, int b, int c, double constant) {

    /** What a node may do. */
    enum Op {
        /** The elements of a stream at the columns. */
        LOAD,
        /** The element of a stream at the row, in every lane. */
        LOAD_ROW,
        /** What a reduction has made of the row, in every lane. */
        REDUCED,
        CONSTANT,
        /** A mask of equal lanes, true if the constant is not 0. */
        TRUTH,
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FMA,
        SQRT,
        ABS,
        NEGATE,
        MIN,
        MAX,
        LESS,
        LESS_OR_EQUAL,
        EQUAL,
        NOT_EQUAL,
        /** b where a holds, else c. */
        BLEND,
        AND,
        OR,
        XOR,
        NOT,
        /** The same mask for other lanes. */
        CAST_MASK,
        /** The same numbers in another type, as Java's casts have it. */
        CONVERT,
        /** The lowest bits in the place of the exponent. */
        POWER_OF_TWO,
        /** The bits of the exponent as the lowest of 2⁵² (f32: 2²³). */
        EXPONENT,
        /** With the exponent of 1. */
        FRACTION,
        COPY_SIGN;

        boolean isLeaf() {
            return compareTo(TRUTH) <= 0;
        }
    }

    static KernelNode leaf(Op op, DType lanes, boolean isMask, int number, double constant) {
        return new KernelNode(op, lanes, isMask, number, -1, -1, constant);
    }

    /** Says that a cluster has no vector form. */
    static final class NoVectorForm extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoVectorForm(String why) {
            super(why, null, false, false);
        }
    }
}
