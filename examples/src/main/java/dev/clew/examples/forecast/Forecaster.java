package dev.clew.examples.forecast;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.GaussianDensity;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;

/**
 * A GRU that reads a series, and after every step says what it expects 1, 2, ... steps later: a normal distribution each, of which the mean is what
 * the series will have changed by.
 *
 * @param warmUp steps of a window after which it says nothing yet, since it has seen too little
 * @param ahead how far it looks
 */
record Forecaster(Gru cell, Linear head, int warmUp, int ahead) {
    static Forecaster create(int units, int warmUp, int ahead, RandomKey key) {
        return new Forecaster(
                Gru.create(1, units, DType.F32, key.fold(0)),
                Linear.create(units, 2 * ahead, DType.F32, key.fold(1)),
                warmUp,
                ahead);
    }

    /**
     * What it expects.
     *
     * @param mean (batch, time − warmUp, ahead)
     * @param logDeviation the logarithm of the standard deviation, of the same shape
     */
    record Expected(Tensor mean, Tensor logDeviation) {}

    /** Shapes: x (batch, time, 1). */
    Expected expected(Tensor x) {
        int time = x.shape().length(1);
        Tensor said = head.of(Run.of(cell, x).outputs().slice(1, warmUp, time));
        return new Expected(x.slice(1, warmUp, time).plus(said.slice(2, 0, ahead)), said.slice(2, ahead, 2 * ahead));
    }

    /** In nats for a forecast. */
    Tensor loss(Batches.Rows windows) {
        return cost(windows, Reduce.MEAN);
    }

    /** The sum over forecasts, in nats. */
    Tensor nats(Batches.Rows windows) {
        return cost(windows, Reduce.SUM);
    }

    private Tensor cost(Batches.Rows windows, Reduce reduce) {
        Expected expected = expected(windows.x());
        return GaussianDensity.create().withReduce(reduce).of(expected.mean, expected.logDeviation, told(windows));
    }

    /** How many forecasts there are. */
    Tensor count(Batches.Rows windows) {
        return Tensor.of((double) told(windows).shape().elements());
    }

    /** What came. Shapes: (batch, time − warmUp, ahead). */
    private Tensor told(Batches.Rows windows) {
        return windows.y().slice(1, warmUp, windows.y().shape().length(1));
    }
}
