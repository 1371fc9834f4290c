package dev.clew.plan;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Transfer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What plans are made of and run on, and the errors where that does not fit. Callers without a null checker may hand over null. */
final class PlanArguments {
    private PlanArguments() {}

    static void formulas(@Nullable List<? extends @Nullable Tensor> outputs, @Nullable Map<Parameter, Tensor> updates) {
        if (outputs == null || updates == null) {
            throw new IllegalArgumentException("plan of null: it takes a list of outputs, and a map of new values");
        }
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("plan of no outputs: there would be nothing to compute;"
                    + " the first output of a step of training is its loss");
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) == null) {
                throw new IllegalArgumentException("plan with null as its output " + i + ": it must be a tensor");
            }
        }
        updates.forEach((@Nullable Parameter parameter, @Nullable Tensor value) -> {
            if (parameter == null || value == null) {
                throw new IllegalArgumentException("plan with the new value "
                        + (value == null ? "null" : value.describe()) + " for "
                        + (parameter == null ? "null" : parameter.describe())
                        + ": both must be there; leave out what does not change");
            }
        });
    }

    /** An array for every input, in their order. */
    static NDArray[] arrays(ImmutableList<Tensor> inputs, @Nullable Map<Tensor, NDArray> given) {
        if (given == null) {
            throw new IllegalArgumentException("run of a plan on null: it takes a map with an array for every input: "
                    + described(inputs, "none") + "; Map.of() if there are none");
        }
        given.forEach((@Nullable Tensor tensor, @Nullable NDArray array) -> {
            if (tensor == null) {
                throw new IllegalArgumentException(
                        "run of a plan with an array for null: it takes one for every input: "
                                + described(inputs, "none"));
            }
        });
        NDArray[] arrays = new NDArray[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = checked(inputs.get(i), given);
        }
        if (given.size() > arrays.length) {
            throw new IllegalArgumentException("run of a plan with an array for "
                    + given.keySet().stream()
                            .filter(tensor -> !inputs.contains(tensor))
                            .map(Tensor::describe)
                            .sorted()
                            .collect(Collectors.joining(" and for "))
                    + ": what its outputs depend on is " + described(inputs, "no input")
                    + "; numbers of parameters are set, not handed over");
        }
        return arrays;
    }

    private static NDArray checked(Tensor input, Map<Tensor, NDArray> given) {
        NDArray array = given.get(input);
        if (array == null) {
            throw new IllegalArgumentException(
                    "run of a plan: no array for the " + input.describe() + hint(input, given));
        }
        if (!array.shape().equals(input.shape()) || array.dtype() != input.dtype()) {
            throw new IllegalArgumentException("run of a plan: the input \"" + ((Source.Input) input.op()).name()
                    + "\" is "
                    + input.shape() + " " + input.dtype() + " but the array is " + array.shape() + " " + array.dtype()
                    + "; shapes and types belong to the plan, so compile one for each");
        }
        return array;
    }

    /** An input is a node, whatever its name: two calls with one name make two. */
    private static String hint(Tensor input, Map<Tensor, NDArray> given) {
        if (given.containsKey(input)) {
            return ", but null";
        }
        return given.keySet().stream()
                        .anyMatch(other -> other != null && other.describe().equals(input.describe()))
                ? "; there is one for another node of that name: hand over the tensor that the plan was compiled with"
                : "";
    }

    static void javaArrays(String what, List<Tensor> tensors, @Nullable List<?> arrays) {
        if (arrays == null || arrays.size() != tensors.size()) {
            throw new IllegalArgumentException(
                    "run of a plan with " + (arrays == null ? "null" : arrays.size() + " arrays") + " for its "
                            + tensors.size() + " " + what + "s: there must be one for each");
        }
        for (int i = 0; i < arrays.size(); i++) {
            Tensor tensor = tensors.get(i);
            Object array = arrays.get(i);
            boolean fits = array != null
                    && Transfer.isOf(tensor.dtype(), array)
                    && Array.getLength(array) == tensor.shape().elements();
            if (!fits) {
                throw new IllegalArgumentException("run of a plan: " + what + " " + i + " is " + tensor.describe()
                        + ", which takes " + tensor.shape().elements() + " numbers of that type, but the array is "
                        + text(array));
            }
        }
    }

    private static String text(@Nullable Object array) {
        if (array == null) {
            return "null";
        }
        return array.getClass().isArray()
                ? array.getClass().getComponentType() + "[" + Array.getLength(array) + "]"
                : array.getClass().getSimpleName();
    }

    static String described(List<Tensor> tensors, String none) {
        return tensors.isEmpty() ? none : tensors.stream().map(Tensor::describe).collect(Collectors.joining(", "));
    }
}
