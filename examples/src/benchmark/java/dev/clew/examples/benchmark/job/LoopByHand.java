package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.examples.SurpriseCell;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** The loops of {@link LayerRun} without the library's cells and without its driver: what a user of tensors alone writes. */
record LoopByHand(Cell<?> cell, Linear head, List<NDArray> xs, List<NDArray> labels) implements Model {
    @Override
    public Tensor loss() {
        int batch = xs.getFirst().shape().length(0);
        DType type = head.weight().dtype();
        Tensor start = Tensor.zeros(type, batch, head.weight().shape().length(0));
        UnaryOperator<Tensor> step = switch (cell) {
            case Lstm lstm -> lstm(lstm, start);
            case Gru gru -> gru(gru, start);
            case SurpriseCell surprise -> surprise(surprise, start);
            default -> throw new IllegalArgumentException("no loop by hand for " + cell);
        };
        Tensor loss = Tensor.zeros(type);
        for (int t = 0; t < xs.size(); t++) {
            Tensor output = step.apply(Tensor.of(xs.get(t)));
            loss = loss.plus(Losses.softmaxCrossEntropy(head.of(output), Tensor.of(labels.get(t))));
        }
        return loss.div(xs.size());
    }

    private static UnaryOperator<Tensor> lstm(Lstm cell, Tensor start) {
        Tensor[] hc = {start, start};
        return x -> {
            List<Tensor> z = x.matmul(cell.wx())
                    .plus(hc[0].matmul(cell.wh()))
                    .plus(cell.b())
                    .split(-1, 4);
            Tensor kept = z.get(1).sigmoid().times(hc[1]);
            hc[1] = kept.plus(z.get(0).sigmoid().times(z.get(2).tanh()));
            hc[0] = z.get(3).sigmoid().times(hc[1].tanh());
            return hc[0];
        };
    }

    private static UnaryOperator<Tensor> gru(Gru cell, Tensor start) {
        Parameter inner = cell.inner().orElseThrow();
        Tensor[] h = {start};
        return x -> {
            List<Tensor> ofX = x.matmul(cell.wx()).plus(cell.b()).split(-1, 3);
            List<Tensor> ofH = h[0].matmul(cell.wh()).split(-1, 3);
            Tensor r = ofX.get(0).plus(ofH.get(0)).sigmoid();
            Tensor z = ofX.get(1).plus(ofH.get(1)).sigmoid();
            Tensor n = ofX.get(2).plus(r.times(ofH.get(2).plus(inner))).tanh();
            h[0] = n.plus(z.times(h[0].minus(n)));
            return h[0];
        };
    }

    private static UnaryOperator<Tensor> surprise(SurpriseCell cell, Tensor start) {
        Tensor[] hm = {start, start};
        return x -> {
            Tensor carried = hm[0].matmul(cell.wh()).plus(hm[1].matmul(cell.wm()));
            hm[0] = x.matmul(cell.wx()).plus(carried).plus(cell.b()).tanh();
            Tensor e = hm[0].minus(hm[1]);
            hm[1] = hm[1].plus(
                    e.square().times(cell.gain()).plus(cell.bias()).sigmoid().times(e));
            return hm[1];
        };
    }
}
