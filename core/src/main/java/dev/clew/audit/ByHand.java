package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What code that was written by hand computed at one point.
 *
 * @param gradients the derivatives of the loss, by the names of parameters and initial states; not all need to be there
 * @param adjoints the total derivative of the loss by what every step has, ∂L/∂h_t through the output of the step and through all
 *     later steps, by the names of {@link Unrolled#steps}; what makes a diagnosis sharp
 * @param activations what its own forward pass computed, by the names of {@link Unrolled#steps}
 * @param loss the loss of its own forward pass
 */
@CheckReturnValue
public record ByHand(
        Map<String, NDArray> gradients,
        Map<String, List<NDArray>> adjoints,
        Map<String, List<NDArray>> activations,
        OptionalDouble loss) {

    public ByHand {
        Present.require("gradients by hand", gradients, adjoints, activations, loss);
        gradients = ImmutableMap.copyOf(gradients);
        adjoints = copied("adjoints by hand", adjoints);
        activations = copied("activations by hand", activations);
    }

    private static Map<String, List<NDArray>> copied(String asked, Map<String, List<NDArray>> map) {
        map.forEach((name, perStep) -> Present.require(asked + " of " + name, perStep));
        return ImmutableMap.copyOf(Maps.transformValues(map, List::copyOf));
    }

    /** Gradients alone. */
    public static ByHand of(Map<String, NDArray> gradients) {
        Present.require("gradients by hand", gradients);
        return new ByHand(gradients, Map.of(), Map.of(), OptionalDouble.empty());
    }

    /** With the total derivatives by something of every step, in the order of the steps. */
    public ByHand withAdjoints(String name, List<NDArray> perStep) {
        Present.require("adjoints by hand", name, perStep);
        return new ByHand(gradients, with(adjoints, name, perStep), activations, loss);
    }

    /** With what the forward pass by hand computed for every step, in the order of the steps. */
    public ByHand withActivations(String name, List<NDArray> perStep) {
        Present.require("activations by hand", name, perStep);
        return new ByHand(gradients, adjoints, with(activations, name, perStep), loss);
    }

    /** With the loss of the forward pass by hand. */
    public ByHand withLoss(double number) {
        return new ByHand(gradients, adjoints, activations, OptionalDouble.of(number));
    }

    private static Map<String, List<NDArray>> with(Map<String, List<NDArray>> map, String name, List<NDArray> perStep) {
        Map<String, List<NDArray>> more = new LinkedHashMap<>(map);
        more.put(name, List.copyOf(perStep));
        return more;
    }
}
