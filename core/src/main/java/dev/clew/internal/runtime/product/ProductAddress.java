package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.CodeBuilder;

/** A place in memory as generated code says it: the local that holds the segment, the local that holds an offset or {@link #NONE}, and a constant. */
record ProductAddress(int segment, int base, long constant) {

    /** The most steps that a loop may count. */
    static final int MOST_STEPS = (1 << 20) - 1;

    /** Instead of the local of an offset: none but the constant. */
    static final int NONE = -1;

    private static final long OFFSET_BITS = (1L << 56) - 1;

    ProductAddress plus(long bytes) {
        return new ProductAddress(segment, base, constant + bytes);
    }

    void push(CodeBuilder code) {
        code.aload(segment);
        pushOffset(code);
    }

    void pushOffset(CodeBuilder code) {
        if (base == NONE) {
            code.loadConstant(constant);
            return;
        }
        code.lload(base);
        if (constant != 0) {
            code.loadConstant(constant).ladd();
        }
    }

    /** local = base + step·(a constant), kept in a local of its own. */
    ProductAddress at(CodeBuilder code, int step, long stepBytes, int local) {
        pushOffset(code);
        code.iload(step).i2l().loadConstant(stepBytes).lmul().ladd().lstore(local);
        return new ProductAddress(segment, local, 0);
    }

    /** Cuts a count and offsets to so many bits that no address made of them overflows, so that checks of bounds fold. */
    static void fold(CodeBuilder code, int count, int... offsets) {
        code.iload(count).loadConstant(MOST_STEPS).iand().istore(count);
        for (int offset : offsets) {
            code.lload(offset).loadConstant(OFFSET_BITS).land().lstore(offset);
        }
    }

    /** Runs a body for {@code step} from 0 to {@code count - 1}. */
    static void loop(CodeBuilder code, int step, int count, Runnable body) {
        code.iconst_0().istore(step);
        GeneratedClass.loop(code, step, 1, () -> code.iload(count), body);
    }
}
