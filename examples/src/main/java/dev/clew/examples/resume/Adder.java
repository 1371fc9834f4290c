package dev.clew.examples.resume;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;

/** A GRU that adds the two marked ones of many numbers, and forgets at random while it learns. */
record Adder(Gru cell, Linear head) {
    private static final double RATE = 0.1;

    static Adder create(int units, RandomKey key) {
        return new Adder(Gru.create(2, units, DType.F32, key.fold(0)), Linear.create(units, 1, DType.F32, key.fold(1)));
    }

    /** Shapes: (batch). */
    Tensor sums(Batches.Rows batch) {
        return head.of(Run.of(cell, batch.x()).last()).get(1, 0);
    }

    /** The mean squared error, with a tenth of what it remembers dropped. */
    Tensor loss(Batches.Rows batch, Tensor key) {
        Tensor remembered = Dropout.dropout(Run.of(cell, batch.x()).last(), RATE, key);
        return Losses.meanSquaredError(head.of(remembered).get(1, 0), batch.y());
    }
}
