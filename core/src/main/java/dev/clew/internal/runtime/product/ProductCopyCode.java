package dev.clew.internal.runtime.product;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.clew.internal.runtime.GeneratedClass;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the class that packs a panel, the columns of one or a few vectors row by row, so that a tile reads it from end to end; this is
 * the only place where a right operand is transposed. The same code moves a tile that reaches over the last column of c to and from a
 * place of its own, or adds it there: so tiles have whole vectors only, and a product needs no masks, which NEON does not have.
 *
 * <p>Wide rows are cut into methods of so few nodes that the second compiler inlines all of each at once.
 *
 * <p>The longest copies are more than the first compiler can take, so it is kept away from all.
 */
final class ProductCopyCode {
    private static final MethodTypeDesc COPY =
            MethodTypeDesc.of(CD_void, ProductLanes.SEGMENT, CD_long, ProductLanes.SEGMENT, CD_long, CD_int);
    private static final ClassDesc SELF = ClassDesc.of(ProductCopyCode.class.getPackageName(), "ProductCopyCode$$Copy");
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

    private static final String PART = "part";

    /** About so many nodes the second compiler makes of a vector's load, store or addition, and of a number's. */
    private static final int NODES = 520;

    private static final int NUMBER_NODES = 620;

    /** At most so many of a method. The 16 vectors of a gathered row must stay together: reading it twice costs a sixth of a product. */
    private static final int MOST_NODES = 16_700;

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
        List<List<Piece>> methods = methods(pieces(shape));
        return ClassFile.of().build(SELF, type -> {
            GeneratedClass.open(type, ProductCopy.class);
            shape.lanes.constants(type, SELF);
            type.withMethodBody("copy", COPY, ClassFile.ACC_PUBLIC, code -> {
                if (methods.size() == 1) {
                    method(code, shape, methods.getFirst());
                } else {
                    all(code, methods.size());
                }
            });
            for (int i = 0; i < methods.size() && methods.size() > 1; i++) {
                List<Piece> pieces = methods.get(i);
                type.withMethodBody(PART + i, COPY, ClassFile.ACC_PRIVATE, code -> method(code, shape, pieces));
            }
        });
    }

    /** A vector, a number or a zero of a row. */
    private record Piece(int nodes, Writer writer) {}

    @FunctionalInterface
    private interface Writer {
        void write(CodeBuilder code, ProductAddress from, ProductAddress to);
    }

    /** The pieces of a row, cut into as many methods as the second compiler needs. */
    private static List<List<Piece>> methods(List<Piece> row) {
        List<List<Piece>> methods = new ArrayList<>(List.of(new ArrayList<>()));
        int nodes = 0;
        for (Piece piece : row) {
            if (nodes + piece.nodes > MOST_NODES) {
                methods.add(new ArrayList<>());
                nodes = 0;
            }
            methods.getLast().add(piece);
            nodes += piece.nodes;
        }
        return methods;
    }

    private static List<Piece> pieces(Shape shape) {
        List<Piece> row = new ArrayList<>();
        int together = shape.together();
        for (int column = 0; column < together; column += shape.lanes.count()) {
            row.add(vector(shape, column));
        }
        for (int column = together; column < shape.columns; column++) {
            row.add(number(shape, column));
        }
        int bytes = shape.lanes.type().bytes();
        for (int column = shape.columns; column < shape.filled; column++) {
            long at = (long) column * bytes;
            row.add(new Piece(
                    NUMBER_NODES,
                    (code, _, to) ->
                            shape.lanes.storeNumber(code, SELF, to.plus(at), () -> shape.lanes.zeroNumber(code))));
        }
        return row;
    }

    private static Piece vector(Shape shape, int column) {
        ProductLanes lanes = shape.lanes;
        int bytes = lanes.type().bytes();
        long at = column / shape.panel * shape.toPanel + (long) column % shape.panel * bytes;
        return new Piece(shape.adds ? 4 * NODES : 2 * NODES, (code, from, to) -> {
            ProductAddress target = to.plus(at);
            lanes.load(code, SELF, ORDER, from.plus((long) column * bytes));
            if (shape.adds) {
                lanes.load(code, SELF, ORDER, target);
                lanes.add(code, SELF);
            }
            code.astore(VECTOR);
            lanes.store(code, VECTOR, ORDER, target);
        });
    }

    private static Piece number(Shape shape, int column) {
        ProductLanes lanes = shape.lanes;
        return new Piece(shape.adds ? 3 * NUMBER_NODES : 2 * NUMBER_NODES, (code, from, to) -> {
            ProductAddress source = from.plus(column * shape.fromColumn);
            ProductAddress target = to.plus((long) column * lanes.type().bytes());
            lanes.storeNumber(code, SELF, target, () -> {
                lanes.loadNumber(code, SELF, source);
                if (shape.adds) {
                    lanes.loadNumber(code, SELF, target);
                    lanes.addNumber(code);
                }
            });
        });
    }

    /** Calls one method after the other: some columns of all rows each. */
    private static void all(CodeBuilder code, int methods) {
        code.iconst_0().istore(ROW);
        GeneratedClass.begin(code, ROW, ROWS);
        for (int i = 0; i < methods; i++) {
            code.aload(0).aload(SOURCE).lload(FROM).aload(TARGET).lload(TO).iload(ROWS);
            code.invokevirtual(SELF, PART + i, COPY);
        }
        code.return_();
    }

    private static void method(CodeBuilder code, Shape shape, List<Piece> pieces) {
        ProductAddress.fold(code, ROWS, FROM, TO);
        shape.lanes.order(code, ORDER);
        code.iconst_0().istore(ROW);
        GeneratedClass.begin(code, ROW, ROWS);
        ProductAddress.loop(code, ROW, ROWS, () -> {
            ProductAddress from = new ProductAddress(SOURCE, FROM, 0).at(code, ROW, shape.fromRow, AT_FROM);
            ProductAddress to = new ProductAddress(TARGET, TO, 0).at(code, ROW, shape.toRow, AT_TO);
            pieces.forEach(piece -> piece.writer.write(code, from, to));
        });
        code.return_();
    }
}
