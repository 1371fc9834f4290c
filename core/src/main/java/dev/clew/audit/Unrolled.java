package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A forward pass whose gradient was written by hand: the loss as a graph, and the names of what it goes through.
 *
 * {@snippet lang=java :
 * Unrolled network = Unrolled.of(loss, Map.of("Wx", wx, "Wh", wh, "b", b))
 *         .withInitial("h0", h0)
 *         .withSteps("x", inputs)
 *         .withSteps("h", states);
 * }
 *
 * <p>Only parameters have to be named. Names of states, pre-activations and inputs make reports read like the user's own code, and
 * adjoints can be given for what has a name. Initial states are worth naming: a state that is no parameter and no input of a
 * step is hard to tell from either.
 */
@CheckReturnValue
public final class Unrolled {
    private final Tensor loss;
    private final ImmutableMap<String, Tensor> parameters;
    private final ImmutableMap<String, Tensor> initial;
    private final ImmutableMap<String, List<Tensor>> steps;

    private Unrolled(
            Tensor loss,
            Map<String, ? extends Tensor> parameters,
            Map<String, Tensor> initial,
            Map<String, List<Tensor>> steps) {
        this.loss = loss;
        this.parameters = ImmutableMap.copyOf(parameters);
        this.initial = ImmutableMap.copyOf(initial);
        this.steps = ImmutableMap.copyOf(steps);
    }

    /**
     * A loss and the parameters that gradients are taken with respect to.
     *
     * @throws IllegalArgumentException if the loss is not one floating-point number, or a parameter has integers
     */
    public static Unrolled of(Tensor loss, Map<String, ? extends Tensor> parameters) {
        Present.require("audit", loss, parameters);
        if (loss.shape().elements() != 1 || !loss.dtype().isFloating()) {
            throw new IllegalArgumentException("audit of a gradient of " + loss.describe()
                    + ": a loss is one floating-point number; reduce it with sum() or mean()");
        }
        parameters.forEach(Unrolled::requireFloating);
        return new Unrolled(loss, parameters, Map.of(), Map.of());
    }

    /** With the state before the first step, whose gradient may be among those written by hand. */
    public Unrolled withInitial(String name, Tensor state) {
        Present.require("initial state", name, state);
        requireFloating(name, state);
        requireNew(name);
        Map<String, Tensor> more = new LinkedHashMap<>(initial);
        more.put(name, state);
        return new Unrolled(loss, parameters, more, steps);
    }

    /**
     * With something that every step has, in the order of the steps: states, pre-activations, outputs, inputs. Adjoints and
     * activations are given under the same name.
     */
    public Unrolled withSteps(String name, List<? extends Tensor> values) {
        Present.require("steps", name, values);
        requireNew(name);
        if (values.isEmpty()) {
            throw new IllegalArgumentException(
                    "steps of " + name + ": there are none; a tensor for every step is needed");
        }
        Map<String, List<Tensor>> more = new LinkedHashMap<>(steps);
        more.put(name, List.copyOf(values));
        return new Unrolled(loss, parameters, initial, more);
    }

    /** What is differentiated. */
    public Tensor loss() {
        return loss;
    }

    /** What gradients are taken with respect to. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** The states before the first step. */
    public Map<String, Tensor> initial() {
        return initial;
    }

    /** What every step has, by name, in the order of the steps. */
    public Map<String, List<Tensor>> steps() {
        return steps;
    }

    private void requireNew(String name) {
        if (parameters.containsKey(name) || initial.containsKey(name) || steps.containsKey(name)) {
            throw new IllegalArgumentException("the name " + name
                    + " is taken: every parameter, initial state and list of"
                    + " steps has a name of its own; those taken are " + parameters.keySet() + ", " + initial.keySet()
                    + ", " + steps.keySet());
        }
    }

    private static void requireFloating(String name, Tensor tensor) {
        if (!tensor.dtype().isFloating()) {
            throw new IllegalArgumentException("audit with respect to " + name + ", " + tensor.describe()
                    + ": integers and truth values have no derivatives");
        }
    }

    @Override
    public String toString() {
        return "Unrolled " + loss.describe() + " of " + parameters.keySet() + ", from " + initial.keySet() + ", with "
                + steps.keySet() + " of every step";
    }
}
