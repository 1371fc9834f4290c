package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

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
    private static final int FACTOR = 24;
    private static final int RIGHT = 25;

    /** The first compiler inlines methods of up to 35 bytes ({@code MaxInlineSize}), the second of up to 325 if they are called often. */
    private static final int TOO_LONG = 36;

    private final Shape shape;
    private final ProductLanes lanes;
    private final ClassDesc self;
    private final MethodTypeDesc loading;

    private ProductTileCode(Shape shape) {
        this.shape = shape;
        this.lanes = shape.lanes;
        this.self = ClassDesc.of(ProductTileCode.class.getPackageName(), "ProductTileCode$$Tile");
        this.loading = MethodTypeDesc.of(lanes.vector(), ProductLanes.SEGMENT, CD_long);
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
        type.withMethodBody("overwrite", RUN, ClassFile.ACC_PUBLIC, code -> method(code, false));
        type.withMethodBody("accumulate", RUN, ClassFile.ACC_PUBLIC, code -> method(code, true));
        type.withMethodBody("load", loading, ClassFile.ACC_STATIC, code -> {
            for (int i = 0; i < TOO_LONG; i++) {
                code.nop();
            }
            lanes.load(code, new ProductAddress(0, 1, 0));
            code.areturn();
        });
    }

    private void method(CodeBuilder code, boolean accumulate) {
        ProductAddress.fold(code, K, A, B, TOUCH, C, ROW_C);
        code.iconst_0().istore(TOUCHED);
        rows(code, (c, sum) -> {
            if (accumulate) {
                c.push(code);
                code.invokestatic(self, "load", loading);
            } else {
                lanes.zero(code);
            }
            code.astore(sum);
        });
        ProductAddress.loop(code, STEP, K, () -> step(code));
        rows(code, (c, sum) -> lanes.store(code, sum, c));
        code.iload(TOUCHED).ireturn();
    }

    @FunctionalInterface
    private interface Sum {
        void at(ProductAddress c, int local);
    }

    /** Goes through the vectors of c. */
    private void rows(CodeBuilder code, Sum visitor) {
        code.lload(C).lstore(AT_C);
        for (int row = 0; row < shape.height; row++) {
            for (int column = 0; column < shape.width; column++) {
                visitor.at(new ProductAddress(TARGET, AT_C, (long) column * lanes.vectorBytes()), sum(row, column));
            }
            code.lload(AT_C).lload(ROW_C).ladd().lstore(AT_C);
        }
    }

    private void step(CodeBuilder code) {
        ProductAddress a = new ProductAddress(MEMORY, A, 0).at(code, STEP, shape.stepA, AT_A);
        ProductAddress b = new ProductAddress(MEMORY, B, 0).at(code, STEP, shape.stepB, AT_B);
        for (int column = 0; column < shape.width; column++) {
            lanes.load(code, b.plus((long) column * lanes.vectorBytes()));
            code.astore(RIGHT + column);
        }
        for (int row = 0; row < shape.height; row++) {
            lanes.broadcast(code, a.plus(row * shape.rowA));
            code.astore(FACTOR);
            for (int column = 0; column < shape.width; column++) {
                lanes.fma(code, FACTOR, RIGHT + column, sum(row, column));
            }
        }
        if (shape.touch != 0) {
            ProductAddress ahead = new ProductAddress(MEMORY, TOUCH, 0).at(code, STEP, shape.touch, AT_TOUCH);
            ProductLanes.touch(code, ahead, TOUCHED);
        }
    }

    private int sum(int row, int column) {
        return RIGHT + shape.width + row * shape.width + column;
    }
}
