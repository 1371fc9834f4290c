package dev.clew.nn.sequence;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.TensorKey;
import dev.clew.nn.internal.TensorTree;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * A cell of whose state some elements, drawn anew in every step, stay as they were: s' = d∘s + (1 − d)∘next(s), where d is 1 with
 * probability {@code rate} (Krueger et al., 2017, arXiv 1606.01305). Without a key, the mean of that: s' = rate·s + (1 − rate)·next(s).
 * The output is the cell's own.
 *
 * @param <S> the cell's state
 * @param key two integers, (2) i32, which decide what stays
 */
public record Zoneout<S>(Cell<S> cell, double rate, Optional<Tensor> key) implements Cell<Counted<S>> {
    /** Checks the rate. */
    public Zoneout {
        Present.require("zoneout", cell, key);
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("zoneout at rate " + rate + ": it goes from 0 to 1");
        }
    }

    /** By a key. */
    public static <S> Zoneout<S> of(Cell<S> cell, double rate, RandomKey key) {
        Present.require("zoneout", cell, key);
        return of(cell, rate, TensorKey.of(key));
    }

    /** By a key that is a tensor, (2) i32: an input of a plan, say, which then keeps other elements in every run. */
    public static <S> Zoneout<S> of(Cell<S> cell, double rate, Tensor key) {
        Present.require("zoneout", cell, key);
        return new Zoneout<>(cell, rate, Optional.of(key));
    }

    @Override
    public Counted<S> start(int batch) {
        return new Counted<>(cell.start(batch), 0);
    }

    @Override
    public Out<Counted<S>> step(Tensor x, Counted<S> state) {
        Present.require("zoneout", x, state);
        Out<S> out = cell.step(x, state.inner());
        int[] tensor = {0};
        S next = TensorTree.ofState("zoneout")
                .zip(out.state(), state.inner(), (now, before) -> mixed(now, before, state.step(), tensor[0]++));
        return new Out<>(out.output(), state.next(next));
    }

    private Tensor mixed(Tensor now, Tensor before, int step, int tensor) {
        if (rate == 0 || !now.dtype().isFloating()) {
            return now;
        }
        return key.map(each ->
                        TensorKey.bernoulli(TensorKey.fold(TensorKey.fold(each, step), tensor), rate, now.shape()))
                .map(stays -> Tensor.where(stays, before, now))
                .orElseGet(() -> now.lerp(before, rate));
    }
}
