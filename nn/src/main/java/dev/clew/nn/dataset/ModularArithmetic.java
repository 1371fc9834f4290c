package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * Expressions of digits with + − and ·, without brackets, to be told modulo a number; products are taken first (Delétang et al.: Neural
 * Networks and the Chomsky Hierarchy, ICLR 2023, there modulo 5 and told at the end).
 *
 * <p>Shapes: x (time) i32, a digit at even steps, an operator at odd ones: {@code modulus} is +, {@code modulus + 1} −, {@code modulus +
 * 2} ·; targets (time) i32, the value of what has been seen; the mask is true at digits.
 *
 * @param length the number of steps: odd, since the last is a digit
 * @param modulus 2 or more; digits are below it
 */
public record ModularArithmetic(int length, int modulus) implements SequenceTask {
    /** Of sequences of a length. */
    public ModularArithmetic {
        Draws.require(
                length >= 1 && length % 2 == 1 && modulus >= 2 && modulus < 1 << 15,
                "modular arithmetic of " + length + " steps modulo " + modulus,
                "the steps are odd in number, as they begin and end with a digit, and the modulus is from 2 to 32767");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int[] digits = Draws.integers(key.fold(0), modulus, length);
        int[] operators = Draws.integers(key.fold(1), 3, length);
        int[] x = new int[length];
        boolean[] mask = new boolean[length];
        for (int t = 0; t < length; t++) {
            x[t] = t % 2 == 0 ? digits[t] : modulus + operators[t];
            mask[t] = t % 2 == 0;
        }
        return Drawn.of(x, values(x), mask);
    }

    /** At every step: of the sums that are closed, and of the product that is not. */
    private int[] values(int[] x) {
        int[] values = new int[length];
        int closed = 0;
        int product = x[0];
        values[0] = x[0];
        for (int t = 2; t < length; t += 2) {
            int operator = x[t - 1] - modulus;
            if (operator == 2) {
                product = product * x[t] % modulus;
            } else {
                closed = (closed + product) % modulus;
                product = operator == 0 ? x[t] : (modulus - x[t]) % modulus;
            }
            values[t - 1] = values[t - 2];
            values[t] = (closed + product) % modulus;
        }
        return values;
    }

    /** One of as many as the modulus says; zeros, which products make, are somewhat more frequent. */
    @Override
    public double chance() {
        return 1.0 / modulus;
    }
}
