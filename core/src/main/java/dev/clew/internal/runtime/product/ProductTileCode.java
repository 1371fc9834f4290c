package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BiConsumer;

/**
 * Writes the class of one tile. Per step of k: one load of each of the {@code width} vectors of b, and per row one scalar of a,
 * broadcast, and {@code width} multiplications. The sums are locals, which the compiler keeps in registers.
 *
 * <p>What HotSpot's compilers need for that, each found by trying it both ways and reading the machine code ({@code ProductLoopsTest}):
 *
 * <ul>
 *   <li>strides are constants in the bytecode; as variables they make the second compiler hoist broadcasts and spill;
 *   <li>a step reads a and b through slices as long as it needs, a constant: one check for each, all others fold. A check for every
 *       address keeps a limit for each, more than there are registers; on some machines those are then moved to and from vector
 *       registers, which takes the multiplications' turns;
 *   <li>no loop is a counted one. Of those the second compiler makes several copies by what it saw in trials, and unrolls the small
 *       ones, where it loads the next steps' numbers early and has no register left for a sum. The last b ends the loop, and rows of c
 *       are counted in twos and compared for being equal;
 *   <li>nothing that c needs is carried through the loop: it is made from the arguments again, by a mask of its own so that it is not
 *       taken for the same, and after a fence, which costs nothing, for what is read of the segment;
 *   <li>overwriting and accumulating are two methods, never a flag;
 *   <li>a method is to make fewer nodes than the 18 000 after which the second compiler does not inline at once. A multiplication makes
 *       440, a broadcast 750, a load or store about 500. So the rows of c are a loop, in which the sums move up a row;
 *   <li>the first compiler inlines all of the Vector API and then runs out of registers: at any unrolling over k, at masked loads and
 *       stores, and at about 45 plain ones. A method that it gives up is slow for long, by bad luck for ever.
 * </ul>
 */
final class ProductTileCode {
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            CD_int, ProductLanes.SEGMENT, CD_long, CD_long, CD_int, CD_long, ProductLanes.SEGMENT, CD_long, CD_long);

    private static final MethodTypeDesc SLICE = MethodTypeDesc.of(ProductLanes.SEGMENT, CD_long, CD_long);

    private static final int MEMORY = 1;
    private static final int A = 2;
    private static final int B = 4;
    private static final int K = 6;
    private static final int TOUCH = 7;
    private static final int TARGET = 9;
    private static final int C = 10;
    private static final int ROW_C = 12;
    private static final int TOUCHED = 14;
    private static final int END = 15;
    private static final int ROW = 17;
    private static final int AT_C = 18;
    private static final int ORDER = 20;
    private static final int SLICE_A = 21;
    private static final int SLICE_B = 22;
    private static final int FACTOR = 23;
    private static final int RIGHT = 24;

    /** Offsets into c are cut to so many bits, one way before the loop over k and another after it. */
    private static final long BEFORE = (1L << 56) - 1;

    private static final long AFTER = (1L << 57) - 1;

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
        for (int i = 0; i < Math.max(1, shape.height) * shape.width; i++) { // a tile without rows has code all the same
            code.aload(FACTOR).astore(sum(0, i));
        }
        if (accumulate) {
            rows(code, BEFORE, this::take);
        }
        steps(code, !accumulate && shape.touch != 0);
        code.invokestatic(ProductLanes.HANDLE, "loadLoadFence", MTD_void);
        rows(code, AFTER, this::bring);
        code.iload(TOUCHED).ireturn();
    }

    /** Goes through the rows of c. */
    private void rows(CodeBuilder code, long mask, BiConsumer<CodeBuilder, ProductAddress> visitor) {
        code.lload(C).loadConstant(mask).land().lstore(AT_C);
        Label next = code.newLabel();
        Label end = code.newLabel();
        code.iconst_0().istore(ROW).labelBinding(next);
        code.iload(ROW).loadConstant(2 * shape.height).if_icmpeq(end);
        visitor.accept(code, new ProductAddress(TARGET, AT_C, 0));
        code.lload(AT_C).lload(ROW_C).ladd().lstore(AT_C);
        code.iinc(ROW, 2).goto_(next).labelBinding(end);
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

    /** Moves all sums up a row. */
    private void up(CodeBuilder code) {
        for (int i = 0; i < (shape.height - 1) * shape.width; i++) {
            code.aload(sum(1, i)).astore(sum(0, i));
        }
    }

    private void steps(CodeBuilder code, boolean touches) {
        code.iload(K).i2l().loadConstant(shape.stepB).lmul().lload(B).ladd().lstore(END);
        Label next = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(next).lload(B).lload(END).lcmp().ifeq(end);
        step(code);
        if (touches) {
            slice(code, TOUCH, row(), SLICE_B);
            ProductLanes.touch(code, new ProductAddress(SLICE_B, ProductAddress.NONE, 0), TOUCHED);
            advance(code, TOUCH, shape.touch);
        }
        advance(code, A, shape.stepA);
        advance(code, B, shape.stepB);
        code.goto_(next).labelBinding(end);
    }

    private void step(CodeBuilder code) {
        slice(code, A, (shape.height - 1) * shape.rowA + lanes.type().bytes(), SLICE_A);
        slice(code, B, row(), SLICE_B);
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
                lanes.fma(code, FACTOR, RIGHT + column, sum(row, column));
            }
        }
    }

    private static void slice(CodeBuilder code, int at, long bytes, int local) {
        code.aload(MEMORY).lload(at).loadConstant(bytes);
        code.invokeinterface(ProductLanes.SEGMENT, "asSlice", SLICE).astore(local);
    }

    private static void advance(CodeBuilder code, int offset, long bytes) {
        code.lload(offset).loadConstant(bytes).ladd().lstore(offset);
    }

    /** What a step reads of b, in bytes. */
    private long row() {
        return shape.width * (long) lanes.vectorBytes();
    }

    private int sum(int row, int column) {
        return RIGHT + shape.width + row * shape.width + column;
    }
}
