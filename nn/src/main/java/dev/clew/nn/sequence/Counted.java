package dev.clew.nn.sequence;

import dev.clew.internal.array.Present;

/**
 * The state of a cell within another one for which it matters where the loop is.
 *
 * @param <S> the inner cell's state
 * @param step how many steps were made
 */
public record Counted<S>(S inner, int step) {
    /** Of both. */
    public Counted {
        Present.require("counted", inner);
    }

    /** That after the next step. */
    public Counted<S> next(S after) {
        return new Counted<>(after, step + 1);
    }
}
