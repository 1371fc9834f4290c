package dev.clew.nn.dataset;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;

/**
 * A sine that is looked at in irregular times (as the periodic series of Rubanova, Chen, Duvenaud: Latent ODEs for Irregularly-Sampled
 * Time Series, NeurIPS 2019): s(t) = sin(2π·f·t + φ), with a frequency f uniform on [0.5, 2), a phase φ on [0, 2π), and between two times a
 * gap uniform on [0, 0.2). The value at the next time is to be told.
 *
 * <p>Shapes: x (time, 2) f32, the gap to the next time and the value now; targets (time) f32, the value then; the mask is true everywhere.
 *
 * @param length the number of steps, 1 or more
 */
public record IrregularSine(int length) implements SequenceTask {
    private static final double LONGEST = 0.2;

    /** Of sequences of a length. */
    public IrregularSine {
        Draws.require(length >= 1, "irregular sine of " + length + " steps", "there must be 1 or more");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        double[] drawn = Draws.units(key.fold(0), 2);
        double frequency = 0.5 + 1.5 * drawn[0];
        double phase = 2 * Math.PI * drawn[1];
        double[] gaps = Draws.units(key.fold(1), length);
        double[] x = new double[2 * length];
        double[] next = new double[length];
        double time = 0;
        for (int t = 0; t < length; t++) {
            double gap = LONGEST * gaps[t];
            x[2 * t] = gap;
            x[2 * t + 1] = StrictMath.sin(2 * Math.PI * frequency * time + phase);
            time += gap;
            next[t] = StrictMath.sin(2 * Math.PI * frequency * time + phase);
        }
        return new Drawn(
                NDArray.of(Shape.of(length, 2), x).cast(DType.F32),
                NDArray.of(next).cast(DType.F32),
                NDArray.of(Draws.everywhere(length)));
    }

    /** ½, of who always says 0. */
    @Override
    public double chance() {
        return 0.5;
    }
}
