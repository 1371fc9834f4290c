package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BiConsumer;

/**
 * Writes the class of one tile. The code is straight: per step of k one load of each of the {@code width} vectors of b, and per row one
 * scalar of a, broadcast, and {@code width} multiplications. The sums are locals, which the compiler keeps in registers.
 *
 * <p>What HotSpot's compilers need for that, each found by trying it both ways:
 *
 * <ul>
 *   <li>strides are constants in the bytecode; as variables they make the second compiler hoist broadcasts and spill;
 *   <li>every check of bounds must fold: offsets are cut to 56 bits and k to 20, so that nothing can overflow, the loop counts an int
 *       up from 0, and an address is base + k·constant + constant, never a pointer that moves on;
 *   <li>overwriting and accumulating are two methods, never a flag;
 *   <li>the first compiler inlines all of the Vector API and then runs out of registers: at any unrolling over k, at masked loads and
 *       stores, and at about 45 plain ones. A method that it gives up is slow for long, by bad luck for ever. So there is nothing of
 *       the kind, and the sums to start from are loaded by a method that is too long for it to inline. (Not everything can be: such
 *       methods are inlined by the second compiler only while the tile around them has few nodes yet.)
 * </ul>
 */
final class ProductTileCode {
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            CD_int, ProductLanes.SEGMENT, CD_long, CD_long, CD_int, CD_long, ProductLanes.SEGMENT, CD_long, CD_long);

    private static final int MEMORY = 1;
    private static final int A = 2;
    private static final int B = 4;
    private static final int K = 6;
    private static final int TOUCH = 7;
    private static final int TARGET = 9;
    private static final int C = 10;
    private static final int ROW_C = 12;
    private static final int TOUCHED = 14;
    private static final int STEP = 15;
    private static final int AT_A = 16;
    private static final int AT_B = 18;
    private static final int AT_TOUCH = 20;
    private static final int AT_C = 22;
    private static final int ORDER = 24;
    private static final int SLICE_A = 25;
    private static final int SLICE_B = 26;
    private static final int ROWS = 27;
    private static final int FACTOR = 28;
    private static final int RIGHT = 29;

    private final Shape shape;
    private final ProductLanes lanes;
    private final ClassDesc self;

    private ProductTileCode(Shape shape) {
        this.shape = shape;
        this.lanes = shape.lanes;
        this.self = ClassDesc.of(ProductTileCode.class.getPackageName(), "ProductTileCode$$Tile");
    }

    /**
     * A tile of {@code height} rows by {@code width} vectors. Distances in bytes: from row to row and step to step of a, step to step of
     * b, and from step to step of what is touched ahead, 0 for nothing. (That of c does not matter to the loop, so it is not here.)
     */
    record Shape(ProductLanes lanes, int height, int width, long rowA, long stepA, long stepB, long touch) {}

    static byte[] write(Shape shape) {
        ProductTileCode writer = new ProductTileCode(shape);
        return ClassFile.of().build(writer.self, writer::type);
    }

    private void type(ClassBuilder type) {
        GeneratedClass.open(type, ProductTile.class);
        lanes.constants(type, self);
        type.withMethodBody("overwrite", RUN, ClassFile.ACC_PUBLIC, code -> method(code, false));
        type.withMethodBody("accumulate", RUN, ClassFile.ACC_PUBLIC, code -> method(code, true));
    }

    private void method(CodeBuilder code, boolean accumulate) {
        ProductAddress.fold(code, K, A, B, TOUCH);
        code.iconst_0().istore(TOUCHED);
        lanes.order(code, ORDER);
        lanes.zero(code);
        code.astore(FACTOR);
        for (int i = 0; i < shape.height * shape.width; i++) {
            code.aload(FACTOR).astore(RIGHT + shape.width + i);
        }
        if (accumulate) {
            rows(code, (1L << 56) - 1, this::take);
        }
        code.iload(K).i2l().loadConstant(shape.stepB).lmul().lload(B).ladd().lstore(AT_B);
        java.lang.classfile.Label next = code.newLabel();
        java.lang.classfile.Label end = code.newLabel();
        code.labelBinding(next).lload(B).lload(AT_B).lcmp().ifeq(end);
        step(code, accumulate);
        code.lload(A).loadConstant(shape.stepA).ladd().lstore(A);
        code.lload(B).loadConstant(shape.stepB).ladd().lstore(B);
        code.goto_(next).labelBinding(end);
        code.invokestatic(ClassDesc.of("java.lang.invoke.VarHandle"), System.getProperty("fence", "loadLoadFence"), MethodTypeDesc.of(java.lang.constant.ConstantDescs.CD_void));
        rows(code, (1L << 57) - 1, this::bring);
        code.iload(TOUCHED).ireturn();
    }

    /** Goes through the rows of c; after each, sums move up a row, so that code for one row does for all. */
    private void rows(CodeBuilder code, long mask, BiConsumer<CodeBuilder, ProductAddress> visitor) {
        code.lload(C).loadConstant(mask).land().lstore(AT_C);
        code.iconst_0().istore(STEP);
        java.lang.classfile.Label next = code.newLabel();
        java.lang.classfile.Label end = code.newLabel();
        code.labelBinding(next).iload(STEP).loadConstant(2 * shape.height).if_icmpeq(end);
        visitor.accept(code, new ProductAddress(TARGET, AT_C, 0));
        code.lload(AT_C).lload(ROW_C).ladd().lstore(AT_C);
        code.iinc(STEP, 2).goto_(next).labelBinding(end);
    }

    private void take(CodeBuilder code, ProductAddress row) {
        up(code);
        for (int column = 0; column < shape.width; column++) {
            lanes.load(code, self, ORDER, row.plus((long) column * lanes.vectorBytes()));
            code.astore(sum(shape.height - 1, column));
        }
    }

    private void bring(CodeBuilder code, ProductAddress row) {
        for (int column = 0; column < shape.width; column++) {
            lanes.store(code, sum(0, column), ORDER, row.plus((long) column * lanes.vectorBytes()));
        }
        up(code);
    }

    private void up(CodeBuilder code) {
        for (int i = 0; i < (shape.height - 1) * shape.width; i++) {
            code.aload(RIGHT + 2 * shape.width + i).astore(RIGHT + shape.width + i);
        }
    }

    private void slice(CodeBuilder code, int segment, int at, long bytes, int local) {
        code.aload(segment).lload(at).loadConstant(bytes);
        code.invokeinterface(ProductLanes.SEGMENT, "asSlice", MethodTypeDesc.of(ProductLanes.SEGMENT, CD_long, CD_long));
        code.astore(local);
    }

    private void step(CodeBuilder code, boolean accumulate) {
        slice(code, MEMORY, A, (shape.height - 1) * shape.rowA + lanes.type().bytes(), SLICE_A);
        slice(code, MEMORY, B, shape.width * (long) lanes.vectorBytes(), SLICE_B);
        ProductAddress a = new ProductAddress(SLICE_A, ProductAddress.NONE, 0);
        ProductAddress b = new ProductAddress(SLICE_B, ProductAddress.NONE, 0);
        for (int column = 0; column < shape.width; column++) {
            lanes.load(code, self, ORDER, b.plus((long) column * lanes.vectorBytes()));
            code.astore(RIGHT + column);
        }
        for (int row = 0; row < shape.height; row++) {
            lanes.broadcast(code, self, a.plus(row * shape.rowA));
            code.astore(FACTOR);
            for (int column = 0; column < shape.width; column++) {
                lanes.fma(code, self, FACTOR, RIGHT + column, sum(row, column));
            }
        }
        if (shape.touch != 0 && !accumulate) {
            slice(code, MEMORY, TOUCH, shape.width * (long) lanes.vectorBytes(), SLICE_B);
            ProductLanes.touch(code, new ProductAddress(SLICE_B, ProductAddress.NONE, 0), TOUCHED);
            code.lload(TOUCH).loadConstant((long) shape.touch).ladd().lstore(TOUCH);
        }
    }

    private int sum(int row, int column) {
        return RIGHT + shape.width + row * shape.width + column;
    }
}
