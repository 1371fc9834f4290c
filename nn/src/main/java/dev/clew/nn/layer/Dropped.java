package dev.clew.nn.layer;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.TensorKey;
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
 * @param key two integers, (2) i32, which decide what is dropped
 * @param isSameEachStep whether all steps drop the same elements (Gal, Ghahramani: variational dropout, 2016), or each others
 */
public record Dropped<S>(Cell<S> cell, double rate, Optional<Tensor> key, boolean isSameEachStep)
        implements Cell<Counted<S>> {
    /** Checks the rate. */
    public Dropped {
        Present.require("dropped", cell, key);
        new Dropout(rate);
    }

    /** With other elements dropped in every step. */
    public static <S> Dropped<S> eachStep(Cell<S> cell, double rate, RandomKey key) {
        Present.require("dropped", cell, key);
        return eachStep(cell, rate, TensorKey.of(key));
    }

    /** The same by a key that is a tensor, (2) i32: an input of a plan, say, which then drops other elements in every run. */
    public static <S> Dropped<S> eachStep(Cell<S> cell, double rate, Tensor key) {
        Present.require("dropped", cell, key);
        return new Dropped<>(cell, rate, Optional.of(key), false);
    }

    /** With the same elements dropped in every step. */
    public static <S> Dropped<S> variational(Cell<S> cell, double rate, RandomKey key) {
        Present.require("dropped", cell, key);
        return variational(cell, rate, TensorKey.of(key));
    }

    /** The same by a key that is a tensor, (2) i32. */
    public static <S> Dropped<S> variational(Cell<S> cell, double rate, Tensor key) {
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
        Tensor output = key.map(each -> isSameEachStep ? each : TensorKey.fold(each, state.step()))
                .map(each -> new Dropout(rate).of(out.output(), each))
                .orElseGet(out::output);
        return new Out<>(output, state.next(out.state()));
    }
}
