package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * Additive attention over the states of an encoder (Bahdanau, Cho, Bengio, 2015): with the scores eₜ = tanh(q·wq + kₜ·wk)·v, the context is
 * Σₜ softmax(e)ₜ·kₜ. {@link #dot} needs no parameters.
 *
 * <p>Shapes: wq (query, units), wk (keys, units), v (units); query (batch, query), keys (batch, time, keys), mask (batch, time) bool, true
 * for steps that count. What stands in the others, even NaN, changes neither values nor gradients.
 */
public record Attention(Parameter wq, Parameter wk, Parameter v) {
    private static final String NAME = "attention";

    /**
     * What was read.
     *
     * @param context the mean of the values. Shapes: (batch, values)
     * @param weights of every step, which add up to 1, and are 0 where the mask does not hold. Shapes: (batch, time)
     */
    public record Read(Tensor context, Tensor weights) {
        /** Of both. */
        public Read {
            Present.require("read", context, weights);
        }
    }

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not (query, units), (keys, units), (units)
     */
    public Attention {
        Present.require(NAME, wq, wk, v);
        boolean fits = v.shape().rank() == 1
                && wq.shape().rank() == 2
                && wk.shape().rank() == 2
                && wq.shape().without(0).equals(v.shape())
                && wk.shape().without(0).equals(v.shape());
        if (!fits) {
            throw new IllegalArgumentException(NAME + " with wq " + wq.shape() + ", wk " + wk.shape() + " and v "
                    + v.shape() + ": they must be (query, units), (keys, units) and (units)");
        }
    }

    /** All parameters uniform on ±1/√units. */
    public static Attention create(int query, int keys, int units, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        Initializer uniform = Initializer.inverseSquareRoot(units);
        return new Attention(
                LayerInput.parameter(NAME, uniform, key.fold(0), dtype, Shape.of(query, units)),
                LayerInput.parameter(NAME, uniform, key.fold(1), dtype, Shape.of(keys, units)),
                LayerInput.parameter(NAME, uniform, key.fold(2), dtype, Shape.of(units)));
    }

    /** Reads from the keys, all of whose steps count. */
    public Read of(Tensor query, Tensor keys) {
        Present.require(NAME, query, keys);
        return of(query, keys, Optional.empty());
    }

    /** Reads from the keys, of which only the steps count where the mask holds. */
    public Read of(Tensor query, Tensor keys, Tensor mask) {
        Present.require(NAME, query, keys, mask);
        return of(query, keys, Optional.of(mask));
    }

    private Read of(Tensor query, Tensor keys, Optional<Tensor> mask) {
        LayerInput.alike(NAME, query, keys, wq, wk, v);
        requireSteps(query, wq.shape().length(0), keys, wk.shape().length(0), mask);
        Tensor counted = counted(keys, mask);
        Tensor both = query.matmul(wq).expandDims(1).plus(counted.matmul(wk)).tanh();
        return read(both.times(v).sum(-1), counted, mask);
    }

    /**
     * Attention by scaled products (Luong, 2015; Vaswani et al., 2017): the context is Σₜ softmax(q·kₜ/√features)ₜ·valueₜ. Shapes: query
     * (batch, features), keys (batch, time, features), values (batch, time, values), mask (batch, time) bool.
     */
    public static Read dot(Tensor query, Tensor keys, Tensor values, Tensor mask) {
        Present.require(NAME, query, keys, values, mask);
        return dot(query, keys, values, Optional.of(mask));
    }

    /** The same where all steps count. */
    public static Read dot(Tensor query, Tensor keys, Tensor values) {
        Present.require(NAME, query, keys, values);
        return dot(query, keys, values, Optional.empty());
    }

    private static Read dot(Tensor query, Tensor keys, Tensor values, Optional<Tensor> mask) {
        LayerInput.alike(NAME, query, keys, values);
        int features = query.shape().rank() == 0 ? 1 : query.shape().length(-1);
        requireSteps(query, features, keys, features, mask);
        requireSteps(
                query,
                features,
                values,
                values.shape().rank() == 0 ? 1 : values.shape().length(-1),
                mask);
        Tensor scores = Tensor.einsum("btf,bf->bt", counted(keys, mask), query).div(Math.sqrt(features));
        return read(scores, counted(values, mask), mask);
    }

    /** 0 in steps that do not count, before any product: 0 times what may stand there is not 0. */
    private static Tensor counted(Tensor steps, Optional<Tensor> mask) {
        return mask.map(each -> steps.maskedFill(each.not().expandDims(-1), 0)).orElse(steps);
    }

    private static Read read(Tensor scores, Tensor values, Optional<Tensor> mask) {
        Tensor weights = mask.map(each -> scores.softmax(-1, each)).orElseGet(() -> scores.softmax(-1));
        return new Read(Tensor.einsum("bt,btv->bv", weights, values), weights);
    }

    private static void requireSteps(Tensor query, int inQuery, Tensor keys, int inKeys, Optional<Tensor> mask) {
        boolean fits = query.shape().rank() == 2
                && keys.shape().rank() == 3
                && query.shape().length(0) == keys.shape().length(0)
                && query.shape().length(1) == inQuery
                && keys.shape().length(2) == inKeys
                && mask.stream()
                        .allMatch(each -> each.dtype() == DType.BOOL
                                && each.shape().equals(keys.shape().without(2)));
        if (!fits) {
            throw new IllegalArgumentException(NAME + " with query " + query.shape() + ", keys or values "
                    + keys.shape()
                    + mask.map(each -> " and mask " + LayerInput.typed(each)).orElse("") + ": they must be (batch, "
                    + inQuery + "), (batch, time, " + inKeys + ") and (batch, time) bool");
        }
    }
}
