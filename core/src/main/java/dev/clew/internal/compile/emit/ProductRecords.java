package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.product.BatchedProduct;
import dev.clew.internal.runtime.product.PackOperand;
import dev.clew.internal.runtime.product.Product;
import dev.clew.tensor.Contraction;
import org.jspecify.annotations.Nullable;

/** Matrix products as records: transposes become flags, a right operand that needs it is packed once. */
final class ProductRecords {
    private ProductRecords() {}

    /** A matrix as products take it: rows of adjacent elements, perhaps transposed. */
    private record Matrix(MemoryView view, boolean transposed, int stride) {
        static @Nullable Matrix of(MemoryView view, boolean transposed) {
            int rank = view.shape().rank();
            int rows = view.shape().length(rank - 2);
            int columns = view.shape().length(rank - 1);
            int rowStride = rows == 1 ? columns : view.stride(rank - 2);
            int columnStride = columns == 1 ? 1 : view.stride(rank - 1);
            if (columnStride == 1 && rowStride >= columns) {
                return new Matrix(view, transposed, rowStride);
            }
            int across = rows == 1 ? 1 : view.stride(rank - 2);
            int along = columns == 1 ? rows : view.stride(rank - 1);
            return across == 1 && along >= rows ? new Matrix(view, !transposed, along) : null;
        }
    }

    static void emit(EmitRecords emit, Node node, Contraction.MatMul product, MemoryView home) {
        Matrix a = matrix(emit, node.input(0), product.transposeA());
        Matrix b = matrix(emit, node.input(1), product.transposeB());
        Matrix c = Matrix.of(home, false);
        if (c == null || c.transposed) {
            MemoryView apart = MemoryView.contiguous(home.shape(), home.type());
            emit.begin(node, apart);
            emit(emit, node, a, b, apart, home.shape().length(-1));
            emit.copy(apart, home);
        } else {
            emit.begin(node, home);
            emit(emit, node, a, b, home, c.stride);
        }
    }

    private static Matrix matrix(EmitRecords emit, int operand, boolean transposed) {
        MemoryView view = emit.view(operand);
        Matrix matrix = Matrix.of(view, transposed);
        if (matrix == null) {
            view = emit.together(operand);
            matrix = Matrix.of(view, transposed);
        }
        if (matrix == null) {
            throw new IllegalStateException("no rows: " + view);
        }
        return matrix;
    }

    private static void emit(EmitRecords emit, Node node, Matrix a, Matrix b, MemoryView home, int stride) {
        int rank = node.shape().rank();
        Product.Spec spec = new Product.Spec(
                node.type(),
                node.shape().length(rank - 2),
                node.shape().length(rank - 1),
                shared(emit, node),
                a.transposed,
                a.stride,
                b.transposed,
                b.stride,
                stride,
                start(node));
        MemoryView packed =
                Product.roomBytes(spec) == 0 || b.view.shape().rank() > 2 ? b.view : emit.packed(spec, b.view);
        long multiplications = (long) spec.m() * spec.k() * spec.n() * batches(home).length;
        emit.add(new RecordDraft(
                        "product " + spec.m() + "x" + spec.k() + "x" + spec.n() + " " + spec.type(),
                        ImmutableList.of(a.view, packed, b.view, home),
                        RecordDraft.estimate(multiplications, ImmutableList.of(a.view, packed, home)),
                        form -> multiply(form, spec, a.view, b.view, packed, home))
                .reaching(RecordDraft.Reach.VIEWS));
    }

    /** Packs a right operand; the plain form needs none. */
    static RecordDraft pack(Product.Spec spec, MemoryView b, MemoryView packed) {
        return new RecordDraft(
                        "pack " + spec.k() + "x" + spec.n(),
                        ImmutableList.of(b, packed),
                        form -> form == RecordDraft.Form.PLAIN
                                ? _ -> {}
                                : new PackOperand(vector(spec), b.address(), packed.address()))
                .reaching(RecordDraft.Reach.VIEWS);
    }

    private static int shared(EmitRecords emit, Node node) {
        Contraction.MatMul product = (Contraction.MatMul) node.op();
        Shape a = emit.program().node(node.input(0)).shape();
        return a.length(product.transposeA() ? -2 : -1);
    }

    private static Product.Start start(Node node) {
        if (!node.isContinued()) {
            return Product.Start.NOTHING;
        }
        return node.isInBlock() ? Product.Start.BLOCK : Product.Start.SUM;
    }

    private static Instruction multiply(
            RecordDraft.Form form, Product.Spec spec, MemoryView a, MemoryView b, MemoryView packed, MemoryView c) {
        Product product = form == RecordDraft.Form.PLAIN ? Product.plain(spec) : vector(spec);
        boolean isPacked = product.packedBytes() > 0;
        if (isPacked && packed.equals(b)) {
            return new BatchedProduct(Product.plain(spec), batches(a), batches(b), batches(c));
        }
        return new BatchedProduct(product, batches(a), batches(isPacked ? packed : b), batches(c));
    }

    private static Product vector(Product.Spec spec) {
        return Product.vector(spec).orElseGet(() -> Product.plain(spec));
    }

    /** Where the matrix of every batch begins. */
    private static long[] batches(MemoryView view) {
        int rank = view.shape().rank();
        int count = 1;
        for (int axis = 0; axis < rank - 2; axis++) {
            count *= view.shape().length(axis);
        }
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            int rest = i;
            long position = 0;
            for (int axis = rank - 3; axis >= 0; axis--) {
                position += (long) (rest % view.shape().length(axis)) * view.stride(axis);
                rest /= view.shape().length(axis);
            }
            starts[i] = view.address() + position * view.type().bytes();
        }
        return starts;
    }
}
