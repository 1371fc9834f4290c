package dev.clew.examples.onnx;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.onnx.OnnxModel;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;

/** Which letter comes next, f32: letters as rows of numbers, an LSTM over them, and a score for every letter. */
record Letters(Embedding embedding, Lstm cell, Linear head) {
    private static final int FEATURES = 16;

    static Letters create(int symbols, int units, RandomKey key) {
        return new Letters(
                Embedding.create(symbols, FEATURES, DType.F32, key.fold(0)),
                Lstm.create(FEATURES, units, DType.F32, key.fold(1)),
                Linear.create(units, symbols, DType.F32, key.fold(2)));
    }

    private Run<Lstm.State> run(Tensor letters, Tensor lengths) {
        return Run.of(cell, embedding.of(letters), lengths);
    }

    /** The mean over letters, in nats. */
    Tensor loss(Sequences.Batch batch) {
        Tensor logits = head.of(run(batch.x(), batch.lengths()).outputs());
        return Losses.perToken(logits, batch.targets(), batch.lengths());
    }

    /** One step. Shapes: letters (batch) → logits (batch, symbols). */
    Cell.Out<Lstm.State> step(Tensor letters, Lstm.State state) {
        Cell.Out<Lstm.State> out = cell.step(embedding.of(letters), state);
        return new Cell.Out<>(head.of(out.output()), out.state());
    }

    /** All steps of some names, the LSTM as one operator: letters (batch, time) and lengths (batch) → logits (batch, time, symbols). */
    OnnxModel ofNames(int batch, int time) {
        Run<Lstm.State> run =
                run(Tensor.input("letters", DType.I32, batch, time), Tensor.input("lengths", DType.I32, batch));
        return OnnxModel.of(ImmutableMap.of("logits", head.of(run.outputs())))
                .withParameters(this)
                .withRun(run);
    }

    /** One step, to write with: letter (1), h and c (1, units) → logits (1, symbols), next h and next c (1, units). */
    OnnxModel ofOneStep() {
        int units = cell.start(1).h().shape().length(-1);
        Lstm.State state =
                new Lstm.State(Tensor.input("h", DType.F32, 1, units), Tensor.input("c", DType.F32, 1, units));
        Cell.Out<Lstm.State> out = step(Tensor.input("letter", DType.I32, 1), state);
        return OnnxModel.of(ImmutableMap.of(
                        "logits", out.output(),
                        "next h", out.state().h(),
                        "next c", out.state().c()))
                .withParameters(this);
    }
}
