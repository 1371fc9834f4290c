package dev.clew.nn.credit;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Sources;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The two matrices of a step of one sequence. Rows are the numbers of the next state, and after them those of the output, if that is no
 * part of the state. A row is one sweep back.
 *
 * @param past D (rows, n): by the state before
 * @param now I (rows, p): by the parameters, directly
 * @param output in which row that of the output begins
 */
record Jacobians(Tensor past, Tensor now, int output) {
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
        return of(of, Influenced.parts(before), rows, output);
    }

    /** The influence of parameters on a state at the start of a stream, which nothing was before. */
    static <S> Tensor ofStart(Influenced<S> of, S start) {
        return of(of, List.of(), Influenced.parts(start), 0).now;
    }

    private static Jacobians of(Influenced<?> of, List<Tensor> before, List<Tensor> rows, int output) {
        List<Tensor> past = new ArrayList<>();
        List<Tensor> now = new ArrayList<>();
        for (Tensor each : rows) {
            for (int i = 0; i < each.shape().elements(); i++) {
                Gradients gradients = Gradients.of(each, Task.unit(each.dtype(), each.shape(), i));
                past.add(row(gradients, before, of.dtype()));
                now.add(of.row(gradients));
            }
        }
        return new Jacobians(Tensor.stack(0, past), Tensor.stack(0, now), output);
    }

    private static Tensor row(Gradients gradients, List<Tensor> before, DType dtype) {
        return before.isEmpty()
                ? Tensor.zeros(dtype, 0)
                : Tensor.concat(
                        0,
                        before.stream()
                                .map(each -> gradients.wrt(each).reshape(-1))
                                .toList());
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
