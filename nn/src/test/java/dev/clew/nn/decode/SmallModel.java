package dev.clew.nn.decode;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.OptionalInt;

/** A random LSTM over few tokens, sharp enough that sequences differ. */
record SmallModel(Embedding embedding, Lstm cell, Linear head) {
    static SmallModel of(int tokens, long seed) {
        RandomKey key = RandomKey.of(seed);
        NDArray weight = key.fold(2).normal(0, 3, DType.F64, Shape.of(5, tokens));
        return new SmallModel(
                new Embedding(
                        Parameter.of(key.fold(0).normal(0, 1.5, DType.F64, Shape.of(tokens, 4))), OptionalInt.empty()),
                Lstm.create(4, 5, key.fold(1)),
                new Linear(Parameter.of(weight), Parameter.of(new double[tokens])));
    }

    Cell.Out<Lstm.State> step(Tensor tokens, Lstm.State state) {
        Cell.Out<Lstm.State> out = cell.step(embedding.of(tokens), state);
        return new Cell.Out<>(head.of(out.output()), out.state());
    }

    Decoder<Lstm.State> decoder() {
        return Decoder.of(this::step);
    }

    /** ln of the probability of tokens after the first token 0, from the whole sequence at once. */
    double logProbability(int... tokens) {
        Lstm.State state = cell.start(1);
        Tensor sum = Tensor.of(0.0);
        for (int i = 0; i < tokens.length; i++) {
            Cell.Out<Lstm.State> out = step(Tensor.of(new int[] {i == 0 ? 0 : tokens[i - 1]}), state);
            sum = sum.plus(out.output().logSoftmax(-1).get(0).get(tokens[i]));
            state = out.state();
        }
        return sum.item();
    }
}
