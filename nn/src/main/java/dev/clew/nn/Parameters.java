package dev.clew.nn;

import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.nn.internal.AlignedText;
import dev.clew.nn.internal.Names;
import dev.clew.nn.internal.TensorTree;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a model, by name.
 *
 * <p>A model is a tree: records, lists, maps and arrays of records, with parameters as leaves. A name is the path to the
 * leaf: {@code cell.wx}, {@code layers.0.bias}. An {@link Optional} adds nothing to the path. Nothing is registered and
 * nothing is extended; components of other types, and those that are null, are passed over, but an object of another class whose
 * fields hold a parameter that the model has nowhere else is an error: it would silently not be trained.
 *
 * <p>A tensor that is no parameter is never trained. So one with floating-point numbers is refused, since a {@link Parameter} was
 * most likely meant: what stays fixed (a table, a mask) is held as an {@link dev.clew.array.NDArray}. A formula of the model's own
 * parameters may stand beside them, and so may indices and truth values.
 *
 * <p>Order follows iteration, so a model that holds its parts in a hash set or hash map has no order to rely on.
 */
public final class Parameters {
    private Parameters() {}

    /**
     * Every parameter of a model once, in the order of the record components; one that stands in two places has the name of
     * the first.
     *
     * @throws IllegalArgumentException if the model has no parameters, or a tensor where a parameter was meant, or its module does
     *     not open its package
     */
    public static Map<String, Parameter> named(Object model) {
        if (model == null) {
            throw new IllegalArgumentException("parameters of null: a model is a record (or a list, map or array) that"
                    + " holds parameters or other such records");
        }
        Search search = new Search();
        search.look(model, "");
        Map<Parameter, String> found = search.found();
        search.others().forEach((tensor, name) -> requireOfItsOwn(model, found.keySet(), tensor, name));
        search.hidden().forEach((parameter, place) -> requireFound(model, found.keySet(), parameter, place));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameters of " + model.getClass().getName()
                            + ": none found; a model is a record (or a list, map or array) that holds parameters or other such records");
        }
        Map<String, Parameter> named = new LinkedHashMap<>();
        found.forEach((parameter, name) -> {
            if (named.put(name, parameter) != null) {
                throw new IllegalArgumentException(
                        "parameters of " + model.getClass().getName() + ": two are named '" + name
                                + "', since a key of a map contains a dot or two keys print alike; rename one");
            }
        });
        return ImmutableMap.copyOf(named);
    }

    /**
     * The parameter of a name.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public static Parameter named(Object model, String name) {
        Present.require("parameter of a name", name);
        return of(
                named(model),
                name,
                "parameter '" + name + "' of " + model.getClass().getName());
    }

    /**
     * The parameter of a name among some.
     *
     * @param asked what is asked for, as the error begins
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public static Parameter of(Map<String, Parameter> named, String name, String asked) {
        Present.require("parameter of a name", named, name, asked);
        return Names.of(named, name, asked);
    }

    /**
     * The parameters whose names match a pattern, in which {@code *} stands for any letters: {@code cell.*}, {@code *.bias}. An optimizer of
     * them leaves the others as they are: {@code Adam.of(Parameters.matching(model, "head.*"), 0.001)}.
     *
     * @throws IllegalArgumentException if none does; it names those that there are
     */
    public static Map<String, Parameter> matching(Object model, String pattern) {
        Present.require("parameters that match", model, pattern);
        return Names.matching(
                named(model), pattern, "parameters of " + model.getClass().getName() + " that match '" + pattern + "'");
    }

    /**
     * A model that is built alike, with parameters of its own that hold the same numbers: to keep the best so far, or an average. A
     * parameter that stands in two places does so in the copy; what is no parameter is that of the original.
     *
     * @throws IllegalArgumentException as {@link #named}; or if a formula of parameters stands beside them, which a copy would still
     *     compute from the original's
     */
    public static <M> M copy(M model) {
        Map<Parameter, Parameter> copies = new HashMap<>();
        named(model).values().forEach(each -> copies.put(each, Parameter.of(each.value())));
        M copy = new TensorTree("copy", "model").map(model, tensor -> {
            boolean isFormula = !(tensor instanceof Parameter) && tensor.dtype().isFloating();
            if (isFormula) {
                throw new IllegalArgumentException("copy of " + model.getClass().getName() + ": it holds "
                        + tensor.describe() + ", a formula of its parameters, which would stay one of the original's;"
                        + " write the formula where it is used");
            }
            return tensor instanceof Parameter parameter ? copies.getOrDefault(parameter, parameter) : tensor;
        });
        named(copy).forEach((name, each) -> requireOfItsOwn(model, copies, each, name));
        return copy;
    }

    private static void requireOfItsOwn(Object model, Map<Parameter, Parameter> copies, Parameter each, String name) {
        if (copies.containsKey(each)) {
            throw new IllegalArgumentException("copy of " + model.getClass().getName() + ": it holds '" + name
                    + "' in a collection of a kind that cannot be made anew; use a list, a set, a map or an array");
        }
    }

    /** How many numbers the parameters of a model hold. */
    public static long count(Object model) {
        return named(model).values().stream()
                .mapToLong(each -> each.shape().elements())
                .sum();
    }

    /** A table to print: name, shape, type, how many numbers and bytes, for every parameter and in all. */
    public static String summary(Object model) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("parameter", "shape", "type", "numbers", "bytes"));
        long numbers = 0;
        long bytes = 0;
        for (Map.Entry<String, Parameter> each : named(model).entrySet()) {
            Parameter parameter = each.getValue();
            long count = parameter.shape().elements();
            numbers += count;
            bytes += count * parameter.dtype().bytes();
            rows.add(List.of(
                    each.getKey(),
                    parameter.shape().toString(),
                    parameter.dtype().toString(),
                    Long.toString(count),
                    Long.toString(count * parameter.dtype().bytes())));
        }
        rows.add(List.of("in all", "", "", Long.toString(numbers), Long.toString(bytes)));
        return AlignedText.of(rows, 3);
    }

    /** What only an object that is not looked into holds would silently not be trained. */
    private static void requireFound(Object model, Set<Parameter> found, Parameter parameter, String place) {
        if (!found.contains(parameter)) {
            throw new IllegalArgumentException("parameters of "
                    + model.getClass().getName() + ": " + place + " holds "
                    + parameter.describe() + ", which no step would train: only records, collections, maps, arrays and"
                    + " optionals are looked into; make it a record");
        }
    }

    /** A tensor that is no parameter is a formula of parameters of the model, or it would silently not be trained. */
    private static void requireOfItsOwn(Object model, Set<Parameter> found, Tensor tensor, String name) {
        List<Tensor> sources = Graph.of(List.of(tensor)).nodes().stream()
                .filter(Parameter.class::isInstance)
                .toList();
        if (sources.isEmpty() || !found.containsAll(sources)) {
            throw new IllegalArgumentException("parameters of "
                    + model.getClass().getName() + ": " + name + " is "
                    + tensor.describe() + ", a tensor that no step would train; make it a Parameter, Parameter.of(...),"
                    + " or, if it stays fixed, hold it as an NDArray and write Tensor.of(" + name
                    + ") where it is used");
        }
    }
}
