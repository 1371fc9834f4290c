package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.Arrays;

/**
 * Products of permutations, of 5 elements S₅: the word problem that no circuit of constant depth solves, as far as is known (Barrington,
 * 1989; Merrill, Petty, Sabharwal: The Illusion of State in State-Space Models, ICML 2024). At every step a permutation is seen, and what
 * all so far are one after the other is to be told: y₀ = x₀, yₜ = xₜ ∘ yₜ₋₁.
 *
 * <p>Permutations are numbered in the order of their written rows ({@link #permutation}), the identity is 0.
 *
 * <p>Shapes: x (time) i32; targets (time) i32; the mask is true everywhere.
 *
 * @param length the number of steps, 1 or more
 * @param elements 2 to 7; 5 elements have 120 permutations
 */
public record PermutationProducts(int length, int elements) implements SequenceTask {
    /** Of sequences of a length. */
    public PermutationProducts {
        Draws.require(
                length >= 1 && elements >= 2 && elements <= 7,
                "products of " + length + " permutations of " + elements + " elements",
                "there is 1 or more, of 2 to 7 elements");
    }

    /** Of 5 elements. */
    public static PermutationProducts ofFive(int length) {
        return new PermutationProducts(length, 5);
    }

    /** How many permutations there are: the factorial of their elements. */
    public int count() {
        int count = 1;
        for (int i = 2; i <= elements; i++) {
            count *= i;
        }
        return count;
    }

    /**
     * Where a permutation takes 0, 1, ...: of all such rows, in the order of dictionaries, the one with this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int[] permutation(int number) {
        int fewer = count();
        if (number < 0 || number >= fewer) {
            throw new IllegalArgumentException(
                    "permutation " + number + " of " + elements + " elements: there are " + fewer + ", counted from 0");
        }
        int[] row = new int[elements];
        boolean[] isTaken = new boolean[elements];
        int rest = number;
        for (int i = 0; i < elements; i++) {
            fewer /= elements - i;
            int among = rest / fewer;
            rest %= fewer;
            int element = 0;
            while (isTaken[element] || among-- > 0) {
                element++;
            }
            isTaken[element] = true;
            row[i] = element;
        }
        return row;
    }

    /** The number of the permutation that is the first of two, and then the second. */
    public int product(int first, int second) {
        int[] inner = permutation(first);
        int[] outer = permutation(second);
        return number(Arrays.stream(inner).map(element -> outer[element]).toArray());
    }

    private int number(int[] row) {
        int number = 0;
        for (int i = 0; i < elements; i++) {
            int smaller = 0;
            for (int j = i + 1; j < elements; j++) {
                smaller += row[j] < row[i] ? 1 : 0;
            }
            number = number * (elements - i) + smaller;
        }
        return number;
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int[] x = Draws.integers(key, count(), length);
        int[] products = x.clone();
        for (int t = 1; t < length; t++) {
            products[t] = product(products[t - 1], x[t]);
        }
        return Drawn.of(x, products, Draws.everywhere(length));
    }

    /** One of all permutations: 1/120 of 5 elements. */
    @Override
    public double chance() {
        return 1.0 / count();
    }
}
