package dev.clew.testing;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** y = a·b³, an operation of somebody else. */
public record Cubed() implements Custom {
    @Override
    public Shape shape(List<Tensor> inputs) {
        return inputs.getFirst().shape();
    }

    @Override
    public NDArray value(List<NDArray> inputs) {
        double[] a = inputs.get(0).toDoubles();
        double[] b = inputs.get(1).toDoubles();
        Arrays.setAll(a, i -> a[i] * b[i] * b[i] * b[i]);
        return NDArray.of(inputs.get(0).shape(), a).cast(inputs.get(0).dtype());
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        Tensor a = y.input(0);
        Tensor b = y.input(1);
        return input == 0
                ? yBar.times(b.square().times(b))
                : yBar.times(a.times(b.square()).times(3));
    }
}
