package dev.clew.nn.decode;

import dev.clew.array.IntTuple;
import dev.clew.internal.array.Present;

/**
 * A sequence that a search found.
 *
 * @param tokens as they were written, with the end token if there is one
 * @param logProbability ln of its probability
 * @param score by which it is ranked: the same, or divided by a penalty for short ones
 */
public record Hypothesis(IntTuple tokens, double logProbability, double score) {
    /** Of all three. */
    public Hypothesis {
        Present.require("hypothesis", tokens);
    }
}
