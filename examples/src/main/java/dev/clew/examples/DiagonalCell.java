package dev.clew.examples;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * A cell that is linear in its state, unit by unit: h' = a∘h + input(x), with factors a that follow from x alone:
 *
 * <pre>
 * a = σ(factor(x))      from 0 to 1
 * a = tanh(factor(x))   from −1 to 1, if it is signed
 * </pre>
 *
 * <p>The factors are the eigenvalues of the matrix that takes h to h'. Shapes: x (batch, inputs), h (batch, units).
 *
 * @param isSigned whether factors may be negative
 */
record DiagonalCell(Linear factor, Linear input, boolean isSigned) implements Cell<Tensor> {
    static DiagonalCell create(int inputs, int units, boolean isSigned, RandomKey key) {
        Initializer initializer = Initializer.inverseSquareRoot(inputs);
        return new DiagonalCell(
                Linear.create(inputs, units, DType.F32, initializer, key.fold(0)),
                Linear.create(inputs, units, DType.F32, initializer, key.fold(1)),
                isSigned);
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(DType.F32, batch, input.bias().shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor a = isSigned ? factor.of(x).tanh() : factor.of(x).sigmoid();
        Tensor next = a.times(h).plus(input.of(x));
        return new Out<>(next, next);
    }
}
