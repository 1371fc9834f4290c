package dev.clew.nn.dataset;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;

/**
 * The adding problem (Hochreiter, Schmidhuber: Long Short-Term Memory, 1997): of numbers uniform on [0, 1), two are marked, one in each
 * half, and their sum is to be told at the end. Who always says 1 has a mean squared error of 1/6.
 *
 * <p>Shapes: x (time, 2) f32, a number and 1 where it is marked, else 0; targets (time) f32, the sum of those marked so far; the mask is
 * true at the last step.
 *
 * @param length the number of steps, 2 or more
 */
public record AddingProblem(int length) implements SequenceTask {
    /** Of sequences of a length. */
    public AddingProblem {
        Draws.require(
                length >= 2, "adding problem of " + length + " steps", "it has one number in each half: 2 or more");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        float[] numbers = key.fold(0).uniform(0, 1, DType.F32, Shape.of(length)).toFloats();
        double[] places = Draws.units(key.fold(1), 2);
        int half = length / 2;
        int first = (int) (places[0] * half);
        int second = half + (int) (places[1] * (length - half));
        float[] x = new float[2 * length];
        float[] sums = new float[length];
        float sum = 0;
        for (int t = 0; t < length; t++) {
            boolean isMarked = t == first || t == second;
            sum += isMarked ? numbers[t] : 0;
            x[2 * t] = numbers[t];
            x[2 * t + 1] = isMarked ? 1 : 0;
            sums[t] = sum;
        }
        boolean[] mask = new boolean[length];
        mask[length - 1] = true;
        return new Drawn(NDArray.of(Shape.of(length, 2), x), NDArray.of(sums), NDArray.of(mask));
    }

    /** 1/6, of who always says 1. */
    @Override
    public double chance() {
        return 1.0 / 6;
    }
}
