package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** y = x², element by element, whose vjp lacks the factor 2. Shapes: x (...) → (...). */
public record HalfSlope() implements Custom {
    @Override
    public Shape shape(List<Tensor> inputs) {
        return inputs.getFirst().shape();
    }

    @Override
    public NDArray value(List<NDArray> inputs) {
        double[] x = inputs.getFirst().toDoubles();
        Arrays.setAll(x, i -> x[i] * x[i]);
        return NDArray.of(inputs.getFirst().shape(), x).cast(inputs.getFirst().dtype());
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return yBar.times(y.input(0));
    }
}
