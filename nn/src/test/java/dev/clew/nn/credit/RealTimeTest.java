package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static dev.clew.nn.credit.Streams.exact;
import static dev.clew.nn.credit.Streams.learnt;
import static dev.clew.nn.credit.Streams.near;

import dev.clew.array.RandomKey;
import dev.clew.nn.credit.Streams.Diagonal;
import dev.clew.nn.credit.Streams.Echo;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Residual;
import dev.clew.nn.sequence.Stack;
import dev.clew.tensor.Tensor;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Real-time recurrent learning is backpropagation through time. */
class RealTimeTest {
    private static List<Cell<?>> cells(int units, RandomKey key) {
        return List.of(
                RnnCell.create(Streams.INPUTS, units, key.fold(0)),
                Lstm.create(Streams.INPUTS, units, key.fold(1)),
                Gru.create(Streams.INPUTS, units, key.fold(2)),
                Echo.create(units, key.fold(3)),
                Diagonal.create(units, key.fold(4)),
                new Stack<>(
                        Lstm.create(Streams.INPUTS, units, key.fold(5)),
                        new Residual<>(RnnCell.create(units, units, key.fold(6)))));
    }

    @Property(tries = 12)
    void itIsTheGradientOfTheGraphForAnyCell(
            @ForAll @IntRange(min = 1, max = 4) int units,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 8) int steps,
            @ForAll @IntRange(min = 0, max = 5) int which,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        isExact(cells(units, key).get(which), units, batch, steps, key.fold(9));
    }

    private static <S> void isExact(Cell<S> cell, int units, int batch, int steps, RandomKey key) {
        Model<S> model = Model.of(cell, units, key.fold(0));
        List<Tensor> x = data(key.fold(1), steps, batch, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(2), steps, batch, Streams.TARGETS);
        for (Credit credit : List.of(Credit.realTime(), Credit.sparse(steps), Credit.bptt(), Credit.truncated(steps, steps))) {
            near(
                    learnt(Online.of(model, cell, model.loss(), credit), x, targets),
                    exact(model, x, targets),
                    1e-12);
        }
    }
}
