package dev.clew.tensor;

import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings operands to a common shape, with nodes of their own, so that no other rule needs to know of broadcasting. */
final class Broadcasting {
    private static final Contraction.MatMul PRODUCT = new Contraction.MatMul(false, false);

    private Broadcasting() {}

    static Tensor apply(Elementwise op, Tensor... operands) {
        requireAll(op.label(), operands);
        Shape common = operands[0].shape();
        boolean isAlike = true;
        for (Tensor operand : operands) {
            if (operand.shape().equals(common)) {
                continue;
            }
            isAlike = false;
            if (!Shape.areBroadcastable(common, operand.shape())) {
                throw new IllegalArgumentException(op.label() + " " + common + ", " + operand.shape()
                        + ": the shapes do not broadcast; aligned at the last axis, lengths must be equal or one of them 1"
                        + hint(common, operand.shape()));
            }
            common = broadcast(op, common, operand.shape());
        }
        if (!isAlike) {
            // Of other types the error speaks of what was given, not of what it is broadcast to.
            op.dtype(List.of(operands));
        }
        Tensor[] alike = operands.clone();
        for (int i = 0; i < alike.length; i++) {
            alike[i] = operands[i].broadcastTo(common);
        }
        return op.on(alike);
    }

    private static Shape broadcast(Elementwise op, Shape a, Shape b) {
        try {
            return Shape.broadcast(a, b);
        } catch (IllegalArgumentException error) {
            throw new IllegalArgumentException(op.label() + " " + a + ", " + b + ": " + error.getMessage(), error);
        }
    }

    private static void requireAll(String label, @Nullable Tensor... operands) {
        for (@Nullable Tensor operand : operands) {
            if (operand == null) {
                throw new IllegalArgumentException(label + " "
                        + Arrays.stream(operands)
                                .map(each ->
                                        each == null ? "null" : each.shape().toString())
                                .collect(Collectors.joining(", "))
                        + ": null is no tensor; a number is one, as in Tensor.of(0.0)");
            }
        }
    }

    static Tensor matmul(Tensor a, Tensor b) {
        if (a.shape().rank() == 0 || b.shape().rank() == 0) {
            throw new IllegalArgumentException(
                    "matmul " + a.shape() + " · " + b.shape() + ": a single number is no matrix; multiply with times");
        }
        Contraction.MatMul.requireSharedAxis(a.shape(), b.shape());
        if (a.shape().rank() != 2 || b.shape().rank() != 2) {
            // Of other types the error speaks of what was given, not of what it is reshaped or broadcast to.
            PRODUCT.dtype(List.of(a, b));
        }
        if (a.shape().rank() == 1) {
            Tensor row = matmul(a.expandDims(0), b);
            return row.squeeze(b.shape().rank() == 1 ? 0 : -2);
        }
        if (b.shape().rank() == 1) {
            return matmul(a, b.expandDims(1)).squeeze(-1);
        }
        if (b.shape().rank() == 2) {
            return a.shape().rank() == 2 ? PRODUCT.on(a, b) : overAllRows(a, b);
        }
        return batchByBatch(a, b);
    }

    /** One product over all rows, instead of one for every batch. */
    private static Tensor overAllRows(Tensor a, Tensor b) {
        Shape result = a.shape().with(-1, b.shape().length(1));
        int rows = result.without(-1).elements();
        return PRODUCT.on(a.reshape(Shape.of(rows, b.shape().length(0))), b).reshape(result);
    }

    private static Tensor batchByBatch(Tensor a, Tensor b) {
        Shape batchA = a.shape().without(-2, -1);
        Shape batchB = b.shape().without(-2, -1);
        if (!Shape.areBroadcastable(batchA, batchB)) {
            throw new IllegalArgumentException("matmul " + a.shape() + " · " + b.shape() + ": the batch axes " + batchA
                    + " and " + batchB + " do not broadcast; lengths must be equal or one of them 1");
        }
        Shape batch = Shape.broadcast(batchA, batchB);
        return PRODUCT.on(batched(a, batch), batched(b, batch));
    }

    static Tensor dot(Tensor a, Tensor b) {
        if (a.shape().rank() != 1 || !a.shape().equals(b.shape())) {
            throw new IllegalArgumentException("dot " + a.shape() + " · " + b.shape()
                    + ": it needs two vectors of one length; matmul and einsum multiply other shapes");
        }
        return matmul(a, b);
    }

    static Tensor outer(Tensor a, Tensor b) {
        int[] lengths =
                Arrays.copyOf(a.shape().lengths(), a.shape().rank() + b.shape().rank());
        Arrays.fill(lengths, a.shape().rank(), lengths.length, 1);
        return a.reshape(Shape.of(lengths)).times(b);
    }

    private static Tensor batched(Tensor x, Shape batch) {
        int rank = batch.rank();
        Shape to = batch.insert(rank, x.shape().length(-2))
                .insert(rank + 1, x.shape().length(-1));
        return x.broadcastTo(to);
    }

    private static String hint(Shape a, Shape b) {
        if (a.rank() == 2 && b.rank() == 2 && a.length(0) == b.length(1) && a.length(1) == b.length(0)) {
            return "; transpose one of them?";
        }
        if (b.rank() == 1 && a.rank() > 1 && b.length(0) == a.length(-2)) {
            return "; expandDims(-1) on the right one?";
        }
        if (a.rank() == 1 && b.rank() > 1 && a.length(0) == b.length(-2)) {
            return "; expandDims(-1) on the left one?";
        }
        return "";
    }

    /** The order of axes that exchanges the last two. */
    static int[] lastTwoExchanged(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i);
        order[rank - 1] = rank - 2;
        order[rank - 2] = rank - 1;
        return order;
    }
}
