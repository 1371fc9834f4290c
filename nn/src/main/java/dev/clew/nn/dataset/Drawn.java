package dev.clew.nn.dataset;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Pieces;
import dev.clew.internal.array.Present;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Sequences of a task, with what is to be said at every step.
 *
 * @param x what is seen: (batch, time) i32 of symbols, or (batch, time, ...) of numbers
 * @param targets what is to be said: (batch, time) i32 of symbols, or (batch, time, ...) of numbers
 * @param mask (batch, time) bool, where it is to be said; elsewhere a target means nothing
 */
public record Drawn(NDArray x, NDArray targets, NDArray mask) {
    /** Of all three. */
    public Drawn {
        Present.require("drawn", x, targets, mask);
    }

    /** Of one sequence: (time). */
    static Drawn of(int[] x, int[] targets, boolean[] mask) {
        return new Drawn(NDArray.of(x), NDArray.of(targets), NDArray.of(mask));
    }

    static Drawn stacked(SequenceTask task, RandomKey key, int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("draw " + batch + " sequences: there must be 1 or more");
        }
        List<Drawn> each = IntStream.range(0, batch)
                .mapToObj(row -> Present.given("draw", "one(key)", task.one(key.fold(row))))
                .toList();
        return new Drawn(stacked(each, Drawn::x), stacked(each, Drawn::targets), stacked(each, Drawn::mask));
    }

    private static NDArray stacked(List<Drawn> each, Function<Drawn, NDArray> part) {
        NDArray first = part.apply(each.getFirst());
        Shape shape = first.shape();
        Pieces pieces = Pieces.of(first.dtype(), shape.insert(0, each.size()));
        for (int row = 0; row < each.size(); row++) {
            NDArray one = part.apply(each.get(row));
            if (!one.shape().equals(shape) || one.dtype() != first.dtype()) {
                throw new IllegalArgumentException("draw: sequence " + row + " has an array " + one.shape() + " "
                        + one.dtype() + ", and the first " + shape + " " + first.dtype()
                        + "; those of a batch are of one length");
            }
            pieces.put(one, row * shape.elements());
        }
        return pieces.array();
    }
}
