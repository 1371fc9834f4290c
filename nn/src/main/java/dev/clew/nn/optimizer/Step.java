package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.tensor.Afterwards;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/** The numbers of one training step, all from before its update. */
public final class Step {
    private final Afterwards afterwards;
    private final double loss;
    private final ImmutableMap<Parameter, NDArray> gradients;
    private final ImmutableMap<Tensor, NDArray> values;

    Step(
            Afterwards afterwards,
            double loss,
            ImmutableMap<Parameter, NDArray> gradients,
            ImmutableMap<Tensor, NDArray> values) {
        this.afterwards = afterwards;
        this.loss = loss;
        this.gradients = gradients;
        this.values = values;
    }

    /** The loss that the step went down: with the parameters from before the update. */
    public double loss() {
        afterwards.taken();
        return loss;
    }

    /** The derivative of the loss with respect to a parameter, of its shape. */
    public NDArray gradient(Parameter parameter) {
        NDArray gradient = gradients.get(parameter);
        if (gradient == null) {
            throw new IllegalArgumentException("gradient of " + parameter.describe()
                    + ": this optimizer does not train that parameter; is it a component of the model?");
        }
        return gradient;
    }

    /** The Euclidean norm over the gradients of all parameters. */
    public double gradientNorm() {
        double largest = 0;
        for (NDArray gradient : gradients.values()) {
            for (double each : gradient.toDoubles()) {
                largest = Math.max(largest, Math.abs(each));
            }
        }
        int exponent = Math.getExponent(largest); // Scaling by a power of two is exact, and no square overflows.
        double squares = 0;
        for (NDArray gradient : gradients.values()) {
            for (double each : gradient.toDoubles()) {
                double scaled = Math.scalb(each, -exponent);
                squares += scaled * scaled;
            }
        }
        return Math.scalb(Math.sqrt(squares), exponent);
    }

    /** The value of a tensor that was asked for along with the step. */
    public NDArray value(Tensor tensor) {
        afterwards.taken();
        NDArray value = values.get(tensor);
        if (value == null) {
            throw new IllegalArgumentException("value of " + tensor.describe()
                    + ": it was not asked for in this step; pass it: step(loss, tensor)");
        }
        return value;
    }
}
