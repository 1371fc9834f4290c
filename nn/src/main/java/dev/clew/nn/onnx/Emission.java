package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The nodes of a graph that is being written, and the names of its values, each of which is given once. */
final class Emission {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Numbers> initializers = new LinkedHashMap<>();
    private final Set<String> taken;
    private final Set<String> reserved;
    private final Map<Object, String> constants = new HashMap<>();
    private int next;

    /**
     * Of nothing yet.
     *
     * @param reserved names that are not {@link #fresh}, since something to come has them
     */
    Emission(Set<String> reserved) {
        this(reserved, new HashSet<>());
    }

    private Emission(Set<String> reserved, Set<String> taken) {
        this.reserved = ImmutableSet.copyOf(reserved);
        this.taken = taken;
    }

    /** Of the body of one of the nodes, in which no value has the name of one outside. */
    Emission body() {
        return new Emission(reserved, taken);
    }

    /** Keeps a name for what has it. */
    boolean take(String name) {
        return taken.add(name);
    }

    /** A name that nothing has yet. */
    String fresh(String stem) {
        String name = stem + "_" + next++;
        while (reserved.contains(name) || !taken.add(name)) {
            name = stem + "_" + next++;
        }
        return name;
    }

    /** The one result of an operator without attributes. */
    String apply(String operator, String... inputs) {
        return apply(operator, Map.of(), inputs);
    }

    /** The one result of an operator. */
    String apply(String operator, Map<String, Literal> attributes, String... inputs) {
        return apply(operator, attributes, ImmutableList.copyOf(inputs), 1).getFirst();
    }

    /** The results of an operator. */
    ImmutableList<String> apply(String operator, Map<String, Literal> attributes, List<String> inputs, int outputs) {
        ImmutableList<String> names =
                IntStream.range(0, outputs).mapToObj(_ -> fresh(operator)).collect(ImmutableList.toImmutableList());
        nodes.add(Node.of(operator, inputs, names, attributes));
        return names;
    }

    /** What was written last, with something to say to who reads it back. */
    void note(Map<String, String> notes) {
        nodes.add(nodes.removeLast().withNotes(notes));
    }

    /** Gives what has a name another one, which must be free. */
    void rename(String from, String to) {
        nodes.add(Node.of("Identity", List.of(from), List.of(to), Map.of()));
    }

    /** Numbers that never change. */
    String constant(NDArray array) {
        return constant(array, Numbers.of(array));
    }

    /** One number. */
    String number(DType dtype, double number) {
        return constant(NDArray.full(number, dtype, Shape.SCALAR));
    }

    /** Whole numbers of 64 bits, as axes and shapes are given. */
    String wholes(long... numbers) {
        return constant(ImmutableLongArray.copyOf(numbers), Numbers.of(numbers));
    }

    /** A shape, as data. */
    String shape(Shape shape) {
        return wholes(IntStream.of(shape.lengths()).asLongStream().toArray());
    }

    private String constant(Object key, Numbers numbers) {
        return constants.computeIfAbsent(key, _ -> apply("Constant", Map.of("value", numbers)));
    }

    /** Numbers that training changes. */
    String initializer(String name, NDArray numbers) {
        initializers.put(name, Numbers.of(numbers));
        return name;
    }

    Body body(String name, List<Literal.Port> inputs, List<Literal.Port> outputs) {
        return new Body(
                name,
                ImmutableList.copyOf(nodes),
                ImmutableMap.copyOf(initializers),
                ImmutableList.copyOf(inputs),
                ImmutableList.copyOf(outputs));
    }

    static Literal axes(int... axes) {
        return new Literal.Wholes(
                ImmutableLongArray.copyOf(IntStream.of(axes).asLongStream().toArray()));
    }
}
