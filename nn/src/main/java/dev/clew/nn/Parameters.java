package dev.clew.nn;

import com.google.common.collect.ImmutableMap;
import dev.clew.tensor.Parameter;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model, by name.
 *
 * <p>A model is a tree: records, lists, maps and arrays of records, with parameters as leaves. A name is the path to the
 * leaf: {@code cell.wx}, {@code layers.0.bias}. An {@link Optional} adds nothing to the path. Nothing is registered and
 * nothing is extended; components of other types, and those that are null, are passed over.
 *
 * <p>Order follows iteration, so a model that holds its parts in a hash set or hash map has no order to rely on.
 */
public final class Parameters {
    private Parameters() {}

    /**
     * Every parameter of a model once, in the order of the record components; one that stands in two places has the name of
     * the first.
     *
     * @throws IllegalArgumentException if the model has no parameters, or its module does not open its package
     */
    public static ImmutableMap<String, Parameter> named(Object model) {
        Map<Parameter, String> found = new LinkedHashMap<>();
        collect(model, "", found);
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

    private static void collect(@Nullable Object part, String path, Map<Parameter, String> found) {
        switch (part) {
            case Parameter parameter -> found.putIfAbsent(parameter, path.isEmpty() ? "parameter" : path);
            case Record parts -> {
                for (RecordComponent component : parts.getClass().getRecordComponents()) {
                    collect(read(parts, component), join(path, component.getName()), found);
                }
            }
            case Collection<?> parts -> {
                int i = 0;
                for (Object each : parts) {
                    collect(each, join(path, Integer.toString(i++)), found);
                }
            }
            case Object[] parts -> collect(Arrays.asList(parts), path, found);
            case Optional<?> maybe -> collect(maybe.orElse(null), path, found);
            case Map<?, ?> parts -> parts.forEach((key, each) -> collect(each, join(path, String.valueOf(key)), found));
            case null, default -> {}
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static @Nullable Object read(Record parts, RecordComponent component) {
        Class<?> type = parts.getClass();
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(parts);
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "parameters of " + type.getName() + ": its components cannot be read; write 'opens "
                            + type.getPackageName() + " to "
                            + Parameters.class.getModule().getName()
                            + ";' in the module-info.java of module "
                            + type.getModule().getName(),
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "parameters of " + type.getName() + ": its accessor " + component.getName() + "() failed",
                    e.getCause());
        }
    }
}
