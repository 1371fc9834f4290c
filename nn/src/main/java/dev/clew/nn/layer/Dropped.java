package dev.clew.nn.layer;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Counted;
import dev.clew.nn.sequence.Stack;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * A cell whose output goes through {@link Dropout}; between two cells of a {@link Stack}, so does what the upper one sees. Without a key
 * nothing is dropped, as is right for a model that is judged or serves.
 *
 * @param <S> the cell's state
 * @param isSameEachStep whether all steps drop the same elements (Gal, Ghahramani: variational dropout, 2016), or each others
 */
public record Dropped<S>(Cell<S> cell, double rate, Optional<RandomKey> key, boolean isSameEachStep)
        implements Cell<Counted<S>> {
    /** Checks the rate. */
    public Dropped {
        Present.require("dropped", cell, key);
        new Dropout(rate);
    }

    /** With other elements dropped in every step. */
    public static <S> Dropped<S> eachStep(Cell<S> cell, double rate, RandomKey key) {
        Present.require("dropped", cell, key);
        return new Dropped<>(cell, rate, Optional.of(key), false);
    }

    /** With the same elements dropped in every step. */
    public static <S> Dropped<S> variational(Cell<S> cell, double rate, RandomKey key) {
        Present.require("dropped", cell, key);
        return new Dropped<>(cell, rate, Optional.of(key), true);
    }

    @Override
    public Counted<S> start(int batch) {
        return new Counted<>(cell.start(batch), 0);
    }

    @Override
    public Out<Counted<S>> step(Tensor x, Counted<S> state) {
        Present.require("dropped", x, state);
        Out<S> out = cell.step(x, state.inner());
        Tensor output = key.map(each -> isSameEachStep ? each : each.fold(state.step()))
                .map(each -> new Dropout(rate).of(out.output(), each))
                .orElseGet(out::output);
        return new Out<>(output, state.next(out.state()));
    }
}
