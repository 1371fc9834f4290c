package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;

/**
 * Linear recurrent unit (Orvieto et al., 2023, arXiv 2303.06349): a diagonal of complex numbers that do not depend on the input,
 *
 * <pre>
 * λ = exp(−exp(modulus) + i·exp(phase))
 * h' = λ∘h + exp(gain)∘(x·B)
 * y = Re(h'·C) + x·skip
 * </pre>
 *
 * <p>A complex number is a pair of real ones, and a step is a rotation: nothing else of complex numbers is needed. |λ| is below 1 whatever
 * the modulus is, so a run cannot explode. Shapes: modulus, phase and gain (units), B (inputs, units) twice, C (units, units) twice, skip
 * (inputs, units); x (batch, inputs) → (batch, units).
 */
public record Lru(
        Parameter modulus,
        Parameter phase,
        Parameter gain,
        Parameter inReal,
        Parameter inImaginary,
        Parameter outReal,
        Parameter outImaginary,
        Parameter skip)
        implements Cell<Lru.State> {
    /** A complex number for every unit. Shapes: (batch, units) both. */
    public record State(Tensor real, Tensor imaginary) {}

    /** λ from the ring between 0.5 and 0.99, with phases below 3 in a step; gain √(1 − |λ|²), for states of the size of the input. */
    public static Lru create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        Parameter modulus = draws.of(0, Initializer.ring(0.5, 0.99), units);
        double[] exponents = modulus.value().toDoubles();
        Arrays.setAll(exponents, j -> 0.5 * Math.log(-Math.expm1(-2 * Math.exp(exponents[j]))));
        double[] angles = draws.uniform(1, 0.01, 3, units);
        Initializer in = Initializer.normal(0, Math.sqrt(0.5 / inputs));
        Initializer out = Initializer.normal(0, Math.sqrt(1.0 / units));
        return new Lru(
                modulus,
                draws.each(j -> Math.log(angles[j]), units),
                draws.each(j -> exponents[j], units),
                draws.of(2, in, inputs, units),
                draws.of(3, in, inputs, units),
                draws.of(4, out, units, units),
                draws.of(5, out, units, units),
                draws.of(6, in, inputs, units));
    }

    @Override
    public State start(int batch) {
        Tensor zeros = Tensor.zeros(gain.dtype(), batch, gain.shape().length(0));
        return new State(zeros, zeros);
    }

    @Override
    public Out<State> step(Tensor x, State h) {
        Tensor size = modulus.exp().negate().exp();
        Tensor cos = phase.exp().cos().times(size);
        Tensor sin = phase.exp().sin().times(size);
        Tensor real = cos.times(h.real).minus(sin.times(h.imaginary)).plus(driven(x, inReal));
        Tensor imaginary = sin.times(h.real).plus(cos.times(h.imaginary)).plus(driven(x, inImaginary));
        Tensor y = real.matmul(outReal).minus(imaginary.matmul(outImaginary)).plus(x.matmul(skip));
        return new Out<>(y, new State(real, imaginary));
    }

    /** exp(gain)∘(x·b). Shapes: x (..., inputs) → (..., units). */
    Tensor driven(Tensor x, Parameter b) {
        return x.matmul(b).times(gain.exp());
    }
}
