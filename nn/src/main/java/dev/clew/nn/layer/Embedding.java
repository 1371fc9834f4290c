package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.OptionalInt;

/**
 * A row of a table for every symbol.
 *
 * <p>Shapes: table (symbols, features); indices (...) i32 → (..., features).
 *
 * @param padding a symbol that stands for nothing: its vector is 0, whatever its row is, and the row is not trained
 */
public record Embedding(Parameter table, OptionalInt padding) {
    private static final String NAME = "embedding";

    /**
     * Checks the table.
     *
     * @throws IllegalArgumentException if it is no matrix, or has no row for the padding
     */
    public Embedding {
        Present.require(NAME, table, padding);
        if (table.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    NAME + " with table " + table.shape() + ": it must be (symbols, features)");
        }
        int symbols = table.shape().length(0);
        if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= symbols)) {
            throw new IllegalArgumentException(NAME + " with padding " + padding.getAsInt() + " and table "
                    + table.shape() + ": the padding must be one of the symbols, 0 to " + (symbols - 1));
        }
    }

    /** Normal with variance 1, as PyTorch's begins; without padding. */
    public static Embedding create(int symbols, int features, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(symbols, features, dtype, Initializer.normal(0, 1), key);
    }

    /** From an initializer; without padding. */
    public static Embedding create(int symbols, int features, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        return new Embedding(
                LayerInput.parameter(NAME, initializer, key, dtype, Shape.of(symbols, features)), OptionalInt.empty());
    }

    /** The same table, of which one symbol stands for nothing. */
    public Embedding withPadding(int symbol) {
        return new Embedding(table, OptionalInt.of(symbol));
    }

    /**
     * The vectors of symbols. Shapes: (...) i32 → (..., features).
     *
     * @throws IllegalArgumentException if they are no integers, or known and one is no symbol
     */
    public Tensor of(Tensor indices) {
        Present.require(NAME, indices);
        if (indices.dtype() != DType.I32) {
            throw new IllegalArgumentException(
                    NAME + " of " + LayerInput.typed(indices) + ": symbols are integers, i32; write 3 for 3.0");
        }
        Tensor rows = table.gather(0, indices);
        return padding.isPresent()
                ? rows.maskedFill(indices.equalTo(padding.getAsInt()).expandDims(-1), 0)
                : rows;
    }

    /** How alike vectors are to every symbol's, with the same table: logits of tied weights. Shapes: (..., features) → (..., symbols). */
    public Tensor logits(Tensor x) {
        Present.require(NAME, x);
        LayerInput.alike(NAME, x, table);
        int features = table.shape().length(1);
        if (x.shape().rank() == 0 || x.shape().length(-1) != features) {
            throw new IllegalArgumentException(NAME + ": logits of " + x.shape() + " with table " + table.shape()
                    + ": x is (..., " + features + ")");
        }
        return x.matmul(table.transpose(1, 0));
    }
}
