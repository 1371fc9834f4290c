package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the class that packs a panel, the columns of one or a few vectors row by row, so that a tile reads it from end to end; this is
 * the only place where a right operand is transposed. The same code moves a tile that reaches over the last column of c to and from a
 * place of its own, or adds it there: so tiles have whole vectors only, and a product needs no masks, which NEON does not have.
 *
 * <p>The longest copies are more than the first compiler can take, so it is kept away from all.
 */
final class ProductCopyCode {
    private static final MethodTypeDesc COPY =
            MethodTypeDesc.of(CD_void, ProductLanes.SEGMENT, CD_long, ProductLanes.SEGMENT, CD_long, CD_int);
    private static final ClassDesc SELF =
            ClassDesc.of(ProductCopyCode.class.getPackageName(), "ProductCopyCode$$Copy");
    private static final int SOURCE = 1;
    private static final int FROM = 2;
    private static final int TARGET = 4;
    private static final int TO = 5;
    private static final int ROWS = 7;
    private static final int ROW = 8;
    private static final int AT_FROM = 9;
    private static final int AT_TO = 11;
    private static final int VECTOR = 13;
    private static final int ORDER = 14;

    private ProductCopyCode() {}

    /**
     * {@code columns} columns, and zeros until there are {@code filled}. Distances in bytes, from row to row and from column to column;
     * the columns of the target lie together, as panels of {@code panel} columns, {@code toPanel} from panel to panel. (More panels than
     * one have whole vectors only.)
     *
     * @param adds whether columns are added to what lies there; then there are no zeros
     */
    record Shape(
            ProductLanes lanes,
            int columns,
            int filled,
            long fromRow,
            long fromColumn,
            long toRow,
            int panel,
            long toPanel,
            boolean adds) {
        /** A copy. */
        Shape(
                ProductLanes lanes,
                int columns,
                int filled,
                long fromRow,
                long fromColumn,
                long toRow,
                int panel,
                long toPanel) {
            this(lanes, columns, filled, fromRow, fromColumn, toRow, panel, toPanel, false);
        }

        /** To one panel. */
        Shape(ProductLanes lanes, int columns, int filled, long fromRow, long fromColumn, long toRow) {
            this(lanes, columns, filled, fromRow, fromColumn, toRow, Math.max(1, filled), 0);
        }

        /** Adds columns that lie together, instead of copying them. */
        static Shape adding(ProductLanes lanes, int columns, long fromRow, long toRow) {
            return new Shape(
                    lanes, columns, columns, fromRow, lanes.type().bytes(), toRow, Math.max(1, columns), 0, true);
        }

        /** How many columns go as vectors. */
        int together() {
            return fromColumn == lanes.type().bytes() ? columns / lanes.count() * lanes.count() : 0;
        }
    }

    static byte[] write(Shape shape) {
        return ClassFile.of().build(SELF, type -> {
            GeneratedClass.open(type, ProductCopy.class);
            shape.lanes.constants(type, SELF);
            type.withMethodBody("copy", COPY, ClassFile.ACC_PUBLIC, code -> method(code, shape));
        });
    }

    private static void method(CodeBuilder code, Shape shape) {
        ProductAddress.fold(code, ROWS, FROM, TO);
        shape.lanes.order(code, ORDER);
        code.iconst_0().istore(ROW);
        GeneratedClass.begin(code, ROW, ROWS);
        ProductAddress.loop(code, ROW, ROWS, () -> {
            ProductAddress from = new ProductAddress(SOURCE, FROM, 0).at(code, ROW, shape.fromRow, AT_FROM);
            ProductAddress to = new ProductAddress(TARGET, TO, 0).at(code, ROW, shape.toRow, AT_TO);
            row(code, shape, from, to);
        });
        code.return_();
    }

    private static void row(CodeBuilder code, Shape shape, ProductAddress from, ProductAddress to) {
        ProductLanes lanes = shape.lanes;
        int together = shape.together();
        int bytes = lanes.type().bytes();
        for (int column = 0; column < together; column += lanes.count()) {
            ProductAddress target = to.plus(column / shape.panel * shape.toPanel + (long) column % shape.panel * bytes);
            lanes.load(code, SELF, ORDER, from.plus((long) column * bytes));
            if (shape.adds) {
                lanes.load(code, SELF, ORDER, target);
                lanes.add(code, SELF);
            }
            code.astore(VECTOR);
            lanes.store(code, VECTOR, ORDER, target);
        }
        for (int column = together; column < shape.columns; column++) {
            ProductAddress source = from.plus(column * shape.fromColumn);
            ProductAddress target = to.plus((long) column * bytes);
            lanes.storeNumber(code, SELF, target, () -> {
                lanes.loadNumber(code, SELF, source);
                if (shape.adds) {
                    lanes.loadNumber(code, SELF, target);
                    lanes.addNumber(code);
                }
            });
        }
        for (int column = shape.columns; column < shape.filled; column++) {
            lanes.storeNumber(code, SELF, to.plus((long) column * bytes), () -> lanes.zeroNumber(code));
        }
    }
}
