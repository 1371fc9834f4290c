package dev.clew.nn;

import com.google.common.collect.Sets;
import dev.clew.nn.internal.HoldingFields;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through the tree of a model, and looks whether what is no part of the tree holds parameters too. */
final class Search {
    private static final HoldingFields FIELDS = new HoldingFields(Parameter.class);

    private final Map<Parameter, String> found = new LinkedHashMap<>();
    private final Map<Tensor, String> others = new LinkedHashMap<>();
    private final Map<Parameter, String> hidden = new LinkedHashMap<>();
    /** Objects of other classes, which may go round in circles. */
    private final Set<Object> seen = Sets.newIdentityHashSet();

    /** The parameters of the tree, each by its first name. */
    Map<Parameter, String> found() {
        return found;
    }

    /** Tensors of floating-point numbers in the tree that are no parameters. */
    Map<Tensor, String> others() {
        return others;
    }

    /** Parameters that fields of other objects hold, and where. */
    Map<Parameter, String> hidden() {
        return hidden;
    }

    void look(@Nullable Object part, String path) {
        switch (part) {
            case Parameter parameter -> found.putIfAbsent(parameter, path.isEmpty() ? "parameter" : path);
            case Tensor tensor -> {
                if (tensor.dtype().isFloating()) {
                    others.putIfAbsent(tensor, path.isEmpty() ? "the model" : path);
                }
            }
            case Record parts -> {
                for (RecordComponent component : parts.getClass().getRecordComponents()) {
                    look(read(parts, component), join(path, component.getName()));
                }
            }
            case Collection<?> parts -> {
                int i = 0;
                for (Object each : parts) {
                    look(each, join(path, Integer.toString(i++)));
                }
            }
            case Object[] parts -> look(Arrays.asList(parts), path);
            case Optional<?> maybe -> look(maybe.orElse(null), path);
            case Map<?, ?> parts -> parts.forEach((key, each) -> look(each, join(path, String.valueOf(key))));
            case null -> {}
            default -> lookInto(part, path);
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

    /** Fields that cannot be read are passed over; Java's own classes and optimizers hold no parts of a model. */
    private void lookInto(Object other, String path) {
        String type = other.getClass().getName();
        if (!seen.add(other) || type.startsWith("dev.clew.nn.optimizer.")) {
            return;
        }
        for (Field field : FIELDS.of(other.getClass())) {
            String place =
                    (path.isEmpty() ? "the model" : path) + ", of " + type + ", in its field " + field.getName() + ",";
            held(field, other).forEach(parameter -> hidden.putIfAbsent(parameter, place));
        }
    }

    /** The parameters that a field holds; none if it cannot be read. Of a field of anything, an object that is no part is left alone. */
    private Set<Parameter> held(Field field, Object of) {
        Search within = new Search();
        within.seen.addAll(seen);
        HoldingFields.read(field, of)
                .filter(value -> isPart(value) || !HoldingFields.isOfAnything(field))
                .ifPresent(value -> within.look(value, ""));
        return Sets.union(within.found.keySet(), within.hidden.keySet());
    }

    private static boolean isPart(Object value) {
        return switch (value) {
            case Tensor _, Record _, Collection<?> _, Map<?, ?> _, Optional<?> _, Object[] _ -> true;
            default -> false;
        };
    }
}
