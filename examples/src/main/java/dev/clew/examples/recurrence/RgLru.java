package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * Real-gated linear recurrent unit, the recurrence of Griffin (De et al., 2024, arXiv 2402.19427): with u = x·in,
 *
 * <pre>
 * r = σ(recurrence of u)   i = σ(input of u)
 * ln a = −8·r∘ln(1 + exp(decay))
 * h' = a∘h + √(1 − a²)∘(i∘u)
 * </pre>
 *
 * <p>The gates are block-diagonal maps. 1 − a² is −expm1(2·ln a), which keeps its digits where a is nearly 1; the root has an infinite
 * slope at 0, where a gate that is closed puts it, so that what is below 10⁻³⁰ counts as that: an error of 10⁻¹⁵ at most. Shapes: weights of
 * gates (blocks, width, width), biases and decay (units), units = blocks·width; x (batch, inputs) → (batch, units).
 */
public record RgLru(
        Projection in,
        Parameter recurrence,
        Parameter recurrenceBias,
        Parameter input,
        Parameter inputBias,
        Parameter decay)
        implements Cell<Tensor> {
    /** Two blocks if the units can be halved; where its gate is open, a is the eighth power of a number from 0.9 to 0.999. */
    public static RgLru create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        int blocks = units % 2 == 0 ? 2 : 1;
        int width = units / blocks;
        double[] squares = draws.uniform(5, 0.81, 0.998, units);
        return new RgLru(
                draws.projection(0, inputs, units),
                draws.of(1, Initializer.inverseSquareRoot(width), blocks, width, width),
                Parameter.zeros(dtype, units),
                draws.of(3, Initializer.inverseSquareRoot(width), blocks, width, width),
                Parameter.zeros(dtype, units),
                draws.each(j -> Draws.inverseSoftplus(-0.5 * Math.log(squares[j])), units));
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(decay.dtype(), batch, decay.shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor u = in.of(x);
        Tensor logA = logA(u);
        Tensor next = logA.exp().times(h).plus(driven(u, logA));
        return new Out<>(next, next);
    }

    /** ln a. Shapes: u (..., units) → (..., units). */
    Tensor logA(Tensor u) {
        return gate(u, recurrence, recurrenceBias).times(decay.softplus()).times(-8);
    }

    /** √(1 − a²)∘(i∘u). */
    Tensor driven(Tensor u, Tensor logA) {
        Tensor share = logA.times(2).expm1().negate().maximum(1e-30).sqrt();
        return share.times(gate(u, input, inputBias)).times(u);
    }

    private static Tensor gate(Tensor u, Parameter weight, Parameter bias) {
        int blocks = weight.shape().length(0);
        int width = weight.shape().length(1);
        Tensor each = Tensor.einsum("nki,kij->nkj", u.reshape(-1, blocks, width), weight);
        return each.reshape(u.shape()).plus(bias).sigmoid();
    }
}
