package dev.clew.nn.credit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.Map;

/**
 * What a stream gives when there is something to learn: numbers, with the parameters of now. {@code
 * optimizer.step(lesson.gradients())} learns it.
 *
 * @param loss the sum over the steps since the lesson before
 * @param outputs those of these steps, each (batch, ...)
 * @param gradients that of the sum, for every parameter
 */
public record Lesson(double loss, List<NDArray> outputs, Map<Parameter, NDArray> gradients) {
    /** Copies, in the same order. */
    public Lesson {
        Present.require("lesson", outputs, gradients);
        outputs = ImmutableList.copyOf(outputs);
        gradients = ImmutableMap.copyOf(gradients);
    }

    /**
     * The gradient of a parameter, of its shape.
     *
     * @throws IllegalArgumentException if it is none of the model's
     */
    public NDArray gradient(Parameter parameter) {
        Present.require("gradient", parameter);
        NDArray gradient = gradients.get(parameter);
        if (gradient == null) {
            throw new IllegalArgumentException("gradient of " + parameter.describe()
                    + ": the stream was made for a model that does not have that parameter");
        }
        return gradient;
    }

    /** The loss, and how much else there is. */
    @Override
    public String toString() {
        return "Lesson: loss " + loss + " over " + outputs.size() + (outputs.size() == 1 ? " step" : " steps")
                + ", gradients of " + gradients.size() + " parameters";
    }
}
