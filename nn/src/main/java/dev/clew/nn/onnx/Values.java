package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of a graph that is being read, by name. */
final class Values {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Numbers> numbers = new HashMap<>();
    private final Set<String> constants = new HashSet<>();
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

    ImmutableList<Tensor> tensors(Node node) throws MalformedMessageException {
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

    /** An operator's parameter that is made of numbers of the model. */
    Parameter parameter(String name, Parameter made) {
        parameters.put(name, made);
        return made;
    }

    /** Those that training changes, in the order in which they came up. */
    Map<String, Parameter> parameters() {
        return parameters;
    }

    // ------------------------------------------------------------------------------------------------- attributes

    static long whole(Node node, String name, long otherwise) throws MalformedMessageException {
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Literal.Whole whole -> whole.number();
            case Literal _ -> throw wrong(node, name, "a whole number");
        };
    }

    static String word(Node node, String name, String otherwise) throws MalformedMessageException {
        return switch (node.attributes().get(name)) {
            case null -> otherwise;
            case Literal.Word word -> word.text();
            case Literal _ -> throw wrong(node, name, "a text");
        };
    }

    static List<String> words(Node node, String name) throws MalformedMessageException {
        return switch (node.attributes().get(name)) {
            case null -> List.of();
            case Literal.Words words -> words.texts();
            case Literal _ -> throw wrong(node, name, "texts");
        };
    }

    static int[] wholes(Node node, String name) throws MalformedMessageException {
        return switch (node.attributes().get(name)) {
            case null -> new int[0];
            case Literal.Wholes wholes -> ints(wholes.numbers().toArray(), name);
            case Literal _ -> throw wrong(node, name, "whole numbers");
        };
    }

    static MalformedMessageException wrong(Node node, String attribute, String expected) {
        return new MalformedMessageException(
                "the attribute '" + attribute + "' of " + node.operator() + " is of another kind; it is " + expected);
    }
}
