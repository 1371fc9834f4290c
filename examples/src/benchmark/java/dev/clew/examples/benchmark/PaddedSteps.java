package dev.clew.examples.benchmark;

import com.google.common.collect.Lists;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Steps of the network of {@link Lengths} on sequences of symbols that are padded to a few lengths. */
final class PaddedSteps {
    private static final int NONE = -1;

    private final Symbols cell;
    private final Linear head;
    private final Sgd sgd;
    private final List<Sequences.Batch> batches;
    private int next;

    /** A cell of symbols: a one-hot symbol times the weight is one of its rows. */
    private record Symbols(RnnCell inner) implements Cell<Tensor> {
        @Override
        public Tensor start(int batch) {
            return inner.start(batch);
        }

        @Override
        public Out<Tensor> step(Tensor x, Tensor h) {
            int symbols = inner.wx().shape().length(0);
            return inner.step(Tensor.oneHot(x, symbols, inner.wx().dtype()), h);
        }
    }

    private record Model(RnnCell cell, Linear head) {}

    /** @param lengths how many lengths they are padded to; 0 pads every batch, of sequences as they come, to the longest of its own */
    PaddedSteps(Lengths.Sizes sizes, RandomGenerator random, int lengths) {
        RandomKey key = RandomKey.of(7);
        RnnCell inner = RnnCell.create(
                sizes.symbols(), sizes.units(), DType.F32, Initializer.inverseSquareRoot(sizes.units()), key.fold(0));
        this.cell = new Symbols(inner);
        this.head = Linear.create(
                sizes.units(), sizes.symbols(), DType.F32, Initializer.inverseSquareRoot(sizes.units()), key.fold(1));
        this.sgd = Sgd.of(new Model(inner, head), 0.1);
        List<NDArray> all = new ArrayList<>();
        for (int i = 0; i < sizes.steps() * sizes.batch(); i++) {
            int length = random.nextInt(sizes.shortest(), sizes.longest() + 1);
            all.add(NDArray.of(random.ints(length + 1, 0, sizes.symbols()).toArray()));
        }
        // Made now, since steps are measured.
        this.batches = lengths > 0
                ? List.copyOf(Sequences.of(all).withLengths(lengths).batches(sizes.batch(), key.fold(2), 0))
                : Lists.partition(all, sizes.batch()).stream()
                        .flatMap(batch -> Sequences.of(batch).withLengths(1).batches(sizes.batch(), key, 0).stream())
                        .toList();
    }

    void step() {
        Sequences.Batch batch = batches.get(next++ % batches.size());
        int time = batch.x().shape().length(1) - 1;
        Tensor lengths = batch.lengths().minus(1).maximum(0);
        Run<Tensor> run = Run.of(cell, batch.x().slice(1, 0, time), lengths);
        Tensor isPadding = run.mask().orElseThrow().not();
        Tensor targets = batch.x().slice(1, 1, time + 1).maskedFill(isPadding, NONE);
        sgd.step(CrossEntropy.create().withIgnored(NONE).of(head.of(run.outputs()), targets));
    }
}
