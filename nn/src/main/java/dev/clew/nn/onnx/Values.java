package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The values of a graph that is being read, by name. */
final class Values {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Numbers> numbers = new HashMap<>();
    private final Set<String> constants = new HashSet<>();
    private final Set<String> wide = new HashSet<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    /** What a name stands for from now on. */
    void put(String name, Tensor tensor) throws MalformedMessageException {
        requireFree(name);
        tensors.put(name, tensor);
    }

    /** Numbers that never change. */
    void put(String name, Numbers constant) throws MalformedMessageException {
        putInitializer(name, constant);
        constants.add(name);
    }

    /** Numbers that training changes, or that an operator has of its own. */
    void putInitializer(String name, Numbers initializer) throws MalformedMessageException {
        requireFree(name);
        numbers.put(name, initializer);
    }

    private void requireFree(String name) throws MalformedMessageException {
        if (name.isEmpty() || tensors.containsKey(name) || numbers.containsKey(name)) {
            throw new MalformedMessageException("two values are named '" + name + "'; every name is given once");
        }
    }

    Tensor tensor(String name) throws MalformedMessageException {
        Tensor tensor = tensors.get(name);
        if (tensor != null) {
            return tensor;
        }
        Tensor made = initializer(name);
        tensors.put(name, made);
        return made;
    }

    private Tensor initializer(String name) throws MalformedMessageException {
        Numbers found = numbers(name);
        if (found.kind() == ElementKind.INT64) {
            return Tensor.of(NDArray.of(found.shape(), wholes(name)));
        }
        if (constants.contains(name) || !found.kind().dtype().isFloating()) {
            return Tensor.of(found.array());
        }
        Parameter parameter = Parameter.of(found.array());
        parameters.put(name, parameter);
        return parameter;
    }

    /** That a value is of INT64, which is i32 here: it may be an index, and nothing is computed with it. */
    void putWide(String name) {
        wide.add(name);
    }

    boolean isWide(String name) {
        Numbers found = numbers.get(name);
        return wide.contains(name) || (found != null && found.kind() == ElementKind.INT64);
    }

    ImmutableList<Tensor> tensors(Call node) throws MalformedMessageException {
        ImmutableList.Builder<Tensor> all = ImmutableList.builder();
        for (String name : node.inputs()) {
            all.add(tensor(name));
        }
        return all.build();
    }

    /** Numbers that are known before anything is computed. */
    Numbers numbers(String name) throws MalformedMessageException {
        Numbers found = numbers.get(name);
        if (found == null) {
            throw new MalformedMessageException("there is no " + (tensors.containsKey(name) ? "constant" : "value")
                    + " named '" + name + "' before it is used; nodes come after what they use");
        }
        return found;
    }

    /** Whole numbers that are known: axes, a shape. */
    int[] wholes(String name) throws MalformedMessageException {
        Numbers found = numbers(name);
        if (found.kind().dtype() != DType.I32) {
            throw new MalformedMessageException(
                    "'" + name + "' is " + found.kind() + "; axes and shapes are whole numbers");
        }
        return ints(found.wholes(), name);
    }

    static int[] ints(long[] numbers, String name) throws MalformedMessageException {
        int[] all = new int[numbers.length];
        for (int i = 0; i < all.length; i++) {
            if (numbers[i] != (int) numbers[i]) {
                throw new MalformedMessageException("'" + name + "' has " + numbers[i] + "; it must fit 32 bits");
            }
            all[i] = (int) numbers[i];
        }
        return all;
    }

    /** An operator's parameter that is made of its numbers: the one of that name, if there is one, which must have the same. */
    Parameter parameter(String name, Parameter made) throws MalformedMessageException {
        if (!parameters.containsKey(name) && numbers.containsKey(name) && !constants.contains(name)) {
            tensor(name);
        }
        Parameter known = parameters.getOrDefault(name, made);
        if (!known.value().equals(made.value())) {
            throw new MalformedMessageException("a loop is said to have the parameter '" + name
                    + "', but its numbers are " + made.value().numbers() + " and those of the parameter "
                    + known.value().numbers());
        }
        parameters.put(name, known);
        return known;
    }

    /** Those that training changes, in the order in which they came up. */
    Map<String, Parameter> parameters() {
        return parameters;
    }
}
