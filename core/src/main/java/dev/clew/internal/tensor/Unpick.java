package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Naming;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.List;

/** Rows of zeros, with elements added at their indices; equal ones accumulate. The derivative of pick. */
public record Unpick(Shape to, Naming naming) implements Selection {
    /** By that name. */
    public Unpick(Shape to) {
        this(to, new Naming.Plain("unpick", "classes"));
    }

    @Override
    public String label() {
        return "unpick";
    }

    @Override
    public Shape shape(List<Tensor> inputs) {
        Indices.check(label(), inputs.get(1), naming, to, to.length(-1));
        return to;
    }

    @Override
    public NDArray value(Tensor node, List<NDArray> inputs) {
        int classes = to.length(-1);
        int[] chosen = naming.of(node.input(1), inputs.get(1), to, classes);
        int each = Indices.each(inputs.get(1).shape(), to);
        double[] x = inputs.get(0).toDoubles();
        ScatteredSums sums = new ScatteredSums(node.dtype(), to);
        for (int i = 0; i < chosen.length; i++) {
            sums.add(i / each * classes + chosen[i], x[i]);
            sums.endRow();
            if ((i + 1) % each == 0) {
                sums.endRun();
            }
        }
        return sums.array();
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return new Selection.Pick(naming).on(yBar, y.input(1));
    }
}
