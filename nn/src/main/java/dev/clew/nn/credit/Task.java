package dev.clew.nn.credit;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What is learnt.
 *
 * @param parameters of the model, by name
 * @param loss of a step, from output and target
 */
record Task<S>(ImmutableMap<String, Parameter> parameters, Cell<S> cell, BiFunction<Tensor, Tensor, Tensor> loss) {

    static <S> Task<S> of(Object model, Cell<S> cell, BiFunction<Tensor, Tensor, Tensor> loss) {
        return new Task<>(ImmutableMap.copyOf(Parameters.named(model)), cell, loss);
    }

    S start(int batch) {
        S start = Present.given("online", "the cell's start", cell.start(batch));
        requireBatch(start, batch);
        return start;
    }

    Cell.Out<S> step(Tensor x, S state) {
        return Present.given("online", "the cell's step", cell.step(x, state));
    }

    Tensor loss(Tensor output, Tensor target) {
        Tensor made = Present.given("online", "the loss", loss.apply(output, target));
        if (made.shape().elements() != 1 || !made.dtype().isFloating()) {
            throw new IllegalArgumentException("online: the loss of the output " + output.describe()
                    + " and the target " + target.describe() + " is " + made.describe()
                    + "; it must be a single floating-point number: reduce it with sum() or mean()");
        }
        return made.reshape();
    }

    private static void requireBatch(Object state, int batch) {
        for (Tensor part : States.tensors(state)) {
            if (part.shape().rank() == 0 || part.shape().length(0) != batch) {
                throw new IllegalArgumentException("online: a batch of " + batch + " from a state with "
                        + part.describe() + "; every tensor of a state has the batch as its first axis");
            }
        }
    }

    /** The numbers of what is fed. A gradient does not go back into it. */
    NDArray fed(String what, Tensor given) {
        for (Tensor node : Graph.of(List.of(given)).nodes()) {
            if (node instanceof Parameter parameter && parameters.containsValue(parameter)) {
                throw new IllegalArgumentException("online: " + what + " " + given.describe()
                        + " is computed from the model's " + parameter.describe()
                        + ", whose gradient would be lost; compute it within the cell, or in the loss");
            }
        }
        return given.value();
    }

    /** All numbers of some tensors side by side. Shapes: (1, ...) each → (1, numbers). */
    static Tensor flat(List<Tensor> tensors) {
        return Tensor.concat(
                1, tensors.stream().map(each -> each.reshape(1, -1)).toList());
    }

    /** Zeros everywhere but at one place, in row-major order. */
    static Tensor unit(DType dtype, Shape shape, int place) {
        double[] numbers = new double[shape.elements()];
        numbers[place] = 1;
        return Tensor.of(NDArray.of(shape, numbers).cast(dtype));
    }
}
