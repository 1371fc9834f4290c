package dev.clew.examples.names;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;

/** Which letter comes next: letters as rows of numbers, an LSTM over them, and a score for every letter. */
public record Speller(Embedding letters, Lstm cell, Linear head) {
    /** A new one, f32. */
    public static Speller create(int symbols, int features, int units, RandomKey key) {
        return new Speller(
                Embedding.create(symbols, features, DType.F32, key.fold(0)),
                Lstm.create(features, units, DType.F32, key.fold(1)),
                Linear.create(units, symbols, DType.F32, key.fold(2)));
    }

    /** One step: how it writes. Shapes: tokens (batch) → logits (batch, symbols). */
    public Cell.Out<Lstm.State> step(Tensor tokens, Lstm.State state) {
        Cell.Out<Lstm.State> out = cell.step(letters.of(tokens), state);
        return new Cell.Out<>(head.of(out.output()), out.state());
    }

    /** All steps: how it learns. Shapes: tokens (batch, time) → logits (batch, time, symbols). */
    private Tensor logits(Sequences.Batch batch) {
        return head.of(Run.of(cell, letters.of(batch.x()), batch.lengths()).outputs());
    }

    /** The mean over letters, in nats. */
    public Tensor loss(Sequences.Batch batch) {
        return Losses.perToken(logits(batch), batch.targets(), batch.lengths());
    }

    /** The sum over letters, in nats. */
    Tensor nats(Sequences.Batch batch) {
        return CrossEntropy.create().withIgnored(-1).withReduce(Reduce.SUM).of(logits(batch), batch.targets());
    }

    /** How many letters there are. */
    static Tensor count(Sequences.Batch batch) {
        return batch.lengths().cast(DType.F64).sum();
    }
}
