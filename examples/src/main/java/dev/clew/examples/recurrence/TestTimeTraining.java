package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.LayerNorm;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * A state that is a model, and a step that trains it (Sun et al., 2024, arXiv 2407.04620): with q, k, v linear in x, and LN a layer norm,
 *
 * <pre>
 * ℓ(W) = ½‖k + LN(k·W) − v‖²
 * W' = W − σ(x·rate)·∂ℓ/∂W
 * y = q + LN(q·W')
 * </pre>
 *
 * <p>The gradient is a formula as any other, so what trains the cell is a gradient through gradients. It is of every sequence's own loss,
 * since no W is shared. A layer norm does not see how large W is, so the gradient shrinks as W grows. Shapes: first (units, units), from which every W begins; W (batch,
 * units, units); x (batch, inputs) → (batch, units).
 */
public record TestTimeTraining(
        Projection query, Projection key, Projection value, Linear rate, LayerNorm norm, Parameter first)
        implements Cell<Tensor> {
    /** With rates that begin at a tenth. */
    public static TestTimeTraining create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new TestTimeTraining(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.projection(2, inputs, units),
                draws.linear(3, inputs, 1, _ -> Math.log(0.1 / 0.9)),
                LayerNorm.create(units, dtype),
                draws.of(4, Initializer.inverseSquareRoot(units), units, units));
    }

    @Override
    public Tensor start(int batch) {
        return first.broadcastTo(first.shape().insert(0, batch));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor w) {
        Tensor k = key.of(x);
        Tensor misses = norm.of(Memories.read(k, w)).plus(k).minus(value.of(x));
        Tensor loss = misses.square().sum().times(0.5);
        Tensor steps = rate.of(x).sigmoid().expandDims(2);
        Tensor next = w.minus(steps.times(Gradients.of(loss).wrt(w)));
        Tensor q = query.of(x);
        return new Out<>(q.plus(norm.of(Memories.read(q, next))), next);
    }
}
