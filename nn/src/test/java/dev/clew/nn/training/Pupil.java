package dev.clew.nn.training;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Parameters;
import dev.clew.nn.TensorKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small recurrent model that tells the sum of a sequence, with dropout, and the sequences that it learns from. */
record Pupil(Gru cell, Linear head) {
    private static final double RATE = 0.2;

    static Pupil create() {
        RandomKey key = RandomKey.of(11);
        return new Pupil(Gru.create(2, 5, key.fold(0)), Linear.create(5, 1, key.fold(1)));
    }

    /** Shapes: x (batch, time, 2), the sums (batch). */
    Tensor scores(Sequences.Batch batch) {
        return head.of(Run.of(cell, batch.x(), batch.lengths()).last()).squeeze(-1);
    }

    Tensor loss(Sequences.Batch batch, Tensor key) {
        var last = Run.of(cell, batch.x(), batch.lengths()).last();
        Tensor kept = Dropout.dropout(last, RATE, TensorKey.fold(key, 1));
        return Losses.squaredError(head.of(kept).squeeze(-1), sums(batch), Reduce.MEAN);
    }

    static Tensor sums(Sequences.Batch batch) {
        return batch.x().sum(2).sum(1);
    }

    /** 22 sequences of 1 to 6 steps: 6 batches of 4 and less, of two lengths. */
    static Sequences sequences(int seed) {
        RandomKey key = RandomKey.of(seed);
        List<NDArray> each = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            each.add(key.fold(i).uniform(-1, 1, DType.F64, Shape.of(1 + i % 6, 2)));
        }
        return Sequences.of(each).withLengths(2);
    }

    static Batches<Sequences.Batch> batches() {
        return sequences(5).batches(4);
    }

    /** The mean squared error over held data. */
    Metric<Sequences.Batch> error() {
        return new Mean<>("error", batch -> Losses.squaredError(scores(batch), sums(batch), Reduce.MEAN));
    }

    /** All numbers, by name. */
    static Map<String, NDArray> numbers(Object model) {
        Map<String, NDArray> numbers = new LinkedHashMap<>();
        Parameters.named(model).forEach((name, parameter) -> numbers.put(name, parameter.value()));
        return numbers;
    }
}
