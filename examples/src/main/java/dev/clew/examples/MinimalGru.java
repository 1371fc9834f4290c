package dev.clew.examples;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * A gated recurrent unit whose gate and candidate do not see the state (Feng et al., 2024, arXiv 2410.01201: minGRU):
 *
 * <pre>
 * z = σ(gate(x))
 * h' = (1 − z)∘h + z∘candidate(x)
 * </pre>
 *
 * <p>Shapes: x (batch, inputs), h (batch, units).
 */
record MinimalGru(Linear gate, Linear candidate) implements Cell<Tensor> {
    static MinimalGru create(int inputs, int units, RandomKey key) {
        Initializer initializer = Initializer.inverseSquareRoot(inputs);
        return new MinimalGru(
                Linear.create(inputs, units, DType.F32, initializer, key.fold(0)),
                Linear.create(inputs, units, DType.F32, initializer, key.fold(1)));
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(DType.F32, batch, gate.bias().shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor next = h.lerp(candidate.of(x), gate.of(x).sigmoid());
        return new Out<>(next, next);
    }
}
