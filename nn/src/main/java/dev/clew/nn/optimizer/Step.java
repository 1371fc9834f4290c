package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Afterwards;
import dev.clew.nn.Parameters;
import dev.clew.nn.internal.Names;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/** The numbers of one training step, all from before its update. */
public final class Step {
    private final Afterwards afterwards;
    private final ImmutableMap<String, Parameter> parameters;
    private final double loss;
    private final ImmutableMap<Parameter, NDArray> gradients;
    private final ImmutableMap<Tensor, NDArray> values;
    private final ImmutableMap<String, Tensor> named;

    Step(
            Afterwards afterwards,
            ImmutableMap<String, Parameter> parameters,
            double loss,
            ImmutableMap<Parameter, NDArray> gradients,
            ImmutableMap<Tensor, NDArray> values,
            ImmutableMap<String, Tensor> named) {
        this.afterwards = afterwards;
        this.parameters = parameters;
        this.loss = loss;
        this.gradients = gradients;
        this.values = values;
        this.named = named;
    }

    /** The loss that the step went down: with the parameters from before the update. */
    public double loss() {
        afterwards.taken();
        return loss;
    }

    /** The derivative of the loss with respect to a parameter, of its shape. */
    public NDArray gradient(Parameter parameter) {
        Present.require("gradient", parameter);
        NDArray gradient = gradients.get(parameter);
        if (gradient == null) {
            throw new IllegalArgumentException("gradient of " + parameter.describe()
                    + ": this optimizer does not train that parameter; is it a component of the model?");
        }
        return gradient;
    }

    /**
     * The derivative of the loss with respect to the parameter of a name, {@code cell.wx}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public NDArray gradient(String name) {
        Present.require("gradient", name);
        return gradient(Parameters.of(parameters, name, "gradient of '" + name + "'"));
    }

    /** The Euclidean norm over the gradients of all parameters. */
    public double gradientNorm() {
        return norm(gradients.values());
    }

    private static double norm(Collection<NDArray> gradients) {
        double squares = 0;
        for (NDArray gradient : gradients) {
            squares += squares(gradient.toDoubles(), 0);
        }
        boolean isInRange = squares > Double.MIN_NORMAL / Math.ulp(1.0) && squares < Double.POSITIVE_INFINITY;
        return isInRange ? Math.sqrt(squares) : scaled(gradients);
    }

    /** Where squares would overflow, or lose their digits: scaling by a power of two is exact. */
    private static double scaled(Collection<NDArray> gradients) {
        double largest = 0;
        for (NDArray gradient : gradients) {
            for (double each : gradient.toDoubles()) {
                largest = Math.max(largest, Math.abs(each));
            }
        }
        int exponent = Math.getExponent(largest);
        double squares = 0;
        for (NDArray gradient : gradients) {
            squares += squares(gradient.toDoubles(), -exponent);
        }
        return Math.scalb(Math.sqrt(squares), exponent);
    }

    /** In four sums, which the processor adds to side by side. */
    private static double squares(double[] numbers, int exponent) {
        double[] sums = new double[4];
        for (int i = 0; i < numbers.length; i++) {
            double scaled = exponent == 0 ? numbers[i] : Math.scalb(numbers[i], exponent);
            sums[i & 3] += scaled * scaled;
        }
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    /** The value of a tensor that was asked for along with the step, or of the loss. */
    public NDArray value(Tensor tensor) {
        Present.require("value", tensor);
        afterwards.taken();
        NDArray value = values.get(tensor);
        if (value == null) {
            throw new IllegalArgumentException("value of " + tensor.describe()
                    + ": it was not asked for in this step; pass it: step(loss, tensor)");
        }
        return value;
    }

    /**
     * The value of a tensor that was asked for by a name: {@code step(loss, Map.of(name, tensor))}.
     *
     * @throws IllegalArgumentException if none was asked for by it; it names those that were, and the nearest
     */
    public NDArray value(String name) {
        Present.require("value", name);
        if (named.isEmpty()) {
            throw new IllegalArgumentException("value of '" + name
                    + "': nothing was asked for by name in this step; name it: step(loss, Map.of(\"" + name
                    + "\", tensor))");
        }
        return value(Names.of(named, name, "value of '" + name + "'"));
    }

    /** The loss, the norm of the gradients of every parameter, and what else was asked for. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Step: loss " + loss + ", gradient norm " + gradientNorm());
        parameters.forEach((name, parameter) -> text.append("\n  ")
                .append(name)
                .append(' ')
                .append(parameter.shape())
                .append(": gradient norm ")
                .append(norm(List.of(gradient(parameter)))));
        values.forEach((tensor, value) ->
                text.append("\n  ").append(called(tensor)).append(" = ").append(value.numbers()));
        return text.toString();
    }

    private String called(Tensor tensor) {
        return named.entrySet().stream()
                .filter(each -> each.getValue().equals(tensor))
                .findFirst()
                .map(each -> each.getKey() + " " + tensor.shape())
                .orElseGet(tensor::describe);
    }
}
