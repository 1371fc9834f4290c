package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Sources;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The two matrices of a step of one sequence, D by the state before and I by the parameters, directly. Their rows are the numbers of the
 * next state, and after them those of the output, if that is no part of the state. A row is one sweep back, and so is a sum of rows.
 *
 * @param before the parts of the state before
 * @param rows the tensors whose numbers are the rows
 * @param output in which row that of the output begins
 */
record Jacobians(Influenced<?> of, List<Tensor> before, List<Tensor> rows, int output) {
    /** Of a step on one sequence, whose first axis has length 1. */
    static <S> Jacobians of(Influenced<S> of, S before, Cell.Out<S> out) {
        List<Tensor> rows = new ArrayList<>(Influenced.parts(out.state()));
        int output = 0;
        int place = rows.indexOf(out.output());
        for (int i = 0; i < (place < 0 ? rows.size() : place); i++) {
            output += rows.get(i).shape().elements();
        }
        if (place < 0) {
            rows.add(out.output());
        }
        return new Jacobians(of, Influenced.parts(before), rows, output);
    }

    /** The influence of parameters on a state at the start of a stream, which nothing was before. */
    static <S> Tensor ofStart(Influenced<S> of, S start) {
        Jacobians ofStart = new Jacobians(of, List.of(), Influenced.parts(start), 0);
        return ofStart.now(ofStart.rowByRow());
    }

    /** How many rows there are. */
    int count() {
        return rows.stream().mapToInt(each -> each.shape().elements()).sum();
    }

    /** A sweep for every row. */
    List<Gradients> rowByRow() {
        List<Gradients> sweeps = new ArrayList<>();
        for (Tensor each : rows) {
            for (int i = 0; i < each.shape().elements(); i++) {
                sweeps.add(Gradients.of(each, Task.unit(each.dtype(), each.shape(), i)));
            }
        }
        return sweeps;
    }

    /** Sweeps for sums of rows, with a factor for every row. Shapes: (sweeps, rows). */
    List<Gradients> sums(NDArray factors) {
        Tensor together = Task.flat(rows).reshape(-1);
        List<Gradients> sweeps = new ArrayList<>();
        for (int i = 0; i < factors.shape().length(0); i++) {
            sweeps.add(Gradients.of(together, Tensor.of(factors).get(i)));
        }
        return sweeps;
    }

    /** D, or what sweeps make of it: (sweeps, n). */
    Tensor past(List<Gradients> sweeps) {
        return Tensor.stack(
                0,
                sweeps.stream()
                        .map(each -> Task.flat(before.stream().map(each::wrt).toList())
                                .reshape(-1))
                        .toList());
    }

    /** I, or what sweeps make of it: (sweeps, p). */
    Tensor now(List<Gradients> sweeps) {
        return Tensor.stack(0, sweeps.stream().map(of::row).toList());
    }

    /** Refuses a batch whose sequences are not stepped alike alone: by masks that are drawn for the batch. */
    static void requireNothingDrawn(Credit credit, int batch, Tensor output) {
        List<Tensor> drawn = Sources.drawn(Graph.of(List.of(output)).nodes());
        if (batch > 1 && !drawn.isEmpty()) {
            throw new IllegalArgumentException("online by " + credit + " with a batch of " + batch + ": the cell draws "
                    + drawn.getFirst().describe()
                    + " for the whole batch, and here every sequence is stepped by itself; feed one sequence, or use"
                    + " unbiased(key)");
        }
    }
}
