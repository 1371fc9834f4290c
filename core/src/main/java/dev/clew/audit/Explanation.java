package dev.clew.audit;

import java.util.List;
import java.util.Optional;

/**
 * One mistake that reproduces the gradient that was written by hand.
 *
 * @param family what kind of mistake it is
 * @param name what is wrong, in words: {@code h_t stands where h_{t−1} belongs}
 * @param affects the names of gradients and adjoints that are wrong because of it
 * @param yours the formula that reproduces the numbers, in the notation of the forward pass
 * @param shouldBe the right formula
 * @param fix what to do, in one sentence
 * @param line the line of the forward pass whose derivative it is; empty if the forward pass was not traced
 * @param distance how far the numbers are from that formula: the largest difference of an array relative to its largest number
 * @param numbers how many numbers agree
 */
public record Explanation(
        Family family,
        String name,
        List<String> affects,
        String yours,
        String shouldBe,
        String fix,
        Optional<String> line,
        double distance,
        int numbers) {

    public Explanation {
        affects = List.copyOf(affects);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
