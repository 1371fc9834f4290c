package dev.clew.nn.internal;

import com.google.common.collect.ImmutableMap;
import dev.clew.tensor.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a state, or a model, of the tensors of one or two others that are built alike. */
public final class TensorTree {
    private static final HoldingFields FIELDS = new HoldingFields(Tensor.class);

    private final String asked;
    private final String what;
    private final BiConsumer<Object, Object> others;

    /**
     * A way to make such.
     *
     * @param asked what was called, as errors begin
     * @param what a tree is: a state, or a model
     */
    public TensorTree(String asked, String what) {
        this(asked, what, (_, _) -> {});
    }

    /**
     * The same, which tells what is no tensor, and nothing that tensors are in.
     *
     * @param others takes it as it is in the one and in the other
     */
    public TensorTree(String asked, String what, BiConsumer<Object, Object> others) {
        this.asked = asked;
        this.what = what;
        this.others = others;
    }

    /**
     * A way to make states. What is no tensor, and nothing that tensors are in, must not hold tensors all the same: they would be neither
     * masked nor carried as numbers.
     */
    public static TensorTree ofState(String asked) {
        return new TensorTree(asked, "state", (part, _) -> requireWithoutTensors(asked, part));
    }

    private static void requireWithoutTensors(String asked, Object part) {
        TensorTree within = new TensorTree(asked, "state");
        Stream<Object> held = part instanceof Collection<?> parts
                ? parts.stream().map(Object.class::cast)
                : FIELDS.of(part.getClass()).stream().flatMap(field -> HoldingFields.read(field, part).stream());
        held.forEach(each -> within.map(each, tensor -> {
            throw new IllegalArgumentException(asked + ": a part of the state, "
                    + part.getClass().getName()
                    + ", holds " + tensor.describe() + ", which would be passed over: only records, lists, sets, maps,"
                    + " arrays and optionals are looked into; make it a record");
        }));
    }

    /** The same tree of other tensors. */
    public <S> S map(S state, UnaryOperator<Tensor> each) {
        return zip(state, state, (one, _) -> each.apply(one));
    }

    /** What is no tensor is that of the first. */
    @SuppressWarnings("unchecked") // It is built like the first.
    public <S> S zip(S one, S other, BinaryOperator<Tensor> each) {
        return (S) Objects.requireNonNull(made(one, other, each));
    }

    private @Nullable Object made(@Nullable Object one, @Nullable Object other, BinaryOperator<Tensor> each) {
        return switch (one) {
            case Tensor tensor -> each.apply(tensor, like(Tensor.class, tensor, other));
            case Record parts -> record(parts, like(parts.getClass(), parts, other), each);
            case List<?> parts -> list(parts, like(List.class, parts, other), each);
            case Object[] parts -> array(parts, like(Object[].class, parts, other), each);
            case Set<?> parts -> set(parts, like(Set.class, parts, other), each);
            case Map<?, ?> parts -> map(parts, like(Map.class, parts, other), each);
            case Optional<?> part -> optional(part, like(Optional.class, part, other), each);
            case null -> nothing(other);
            default -> {
                others.accept(one, like(Object.class, one, other));
                yield one;
            }
        };
    }

    private @Nullable Object nothing(@Nullable Object other) {
        if (other != null) {
            throw differ("nothing", other.getClass().getName());
        }
        return null;
    }

    private Optional<?> optional(Optional<?> one, Optional<?> other, BinaryOperator<Tensor> each) {
        return Optional.ofNullable(made(one.orElse(null), other.orElse(null), each));
    }

    private <T> T like(Class<? extends T> type, Object one, @Nullable Object other) {
        if (!type.isInstance(other)) {
            throw differ(
                    one.getClass().getName(),
                    other == null ? "nothing" : other.getClass().getName());
        }
        return type.cast(other);
    }

    private IllegalArgumentException differ(String one, String other) {
        return new IllegalArgumentException(asked + ": a part of one " + what + " is " + one
                + ", and in the other it is " + other + "; the parts of a " + what + " stay from step to step");
    }

    private List<Object> list(List<?> one, List<?> other, BinaryOperator<Tensor> each) {
        if (one.size() != other.size()) {
            throw differ("a list of " + one.size(), "a list of " + other.size());
        }
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            parts.add(made(one.get(i), other.get(i), each));
        }
        return Collections.unmodifiableList(parts);
    }

    private Object[] array(Object[] one, Object[] other, BinaryOperator<Tensor> each) {
        List<Object> parts = list(Arrays.asList(one), Arrays.asList(other), each);
        return parts.toArray(one.clone());
    }

    private Set<Object> set(Set<?> one, Set<?> other, BinaryOperator<Tensor> each) {
        return new LinkedHashSet<>(list(new ArrayList<>(one), new ArrayList<>(other), each));
    }

    private Map<Object, Object> map(Map<?, ?> one, Map<?, ?> other, BinaryOperator<Tensor> each) {
        if (!one.keySet().equals(other.keySet())) {
            throw differ("a map with the keys " + one.keySet(), "one with " + other.keySet());
        }
        ImmutableMap.Builder<Object, Object> parts = ImmutableMap.builder();
        for (Map.Entry<?, ?> part : one.entrySet()) {
            Object made = made(part.getValue(), other.get(part.getKey()), each);
            if (made != null) {
                parts.put(part.getKey(), made);
            }
        }
        return parts.buildOrThrow();
    }

    private Object record(Record one, Record other, BinaryOperator<Tensor> each) {
        Class<?> type = one.getClass();
        try {
            RecordComponent[] components = type.getRecordComponents();
            @Nullable Object[] parts = new @Nullable Object[components.length];
            for (int i = 0; i < parts.length; i++) {
                components[i].getAccessor().setAccessible(true);
                parts[i] = made(
                        components[i].getAccessor().invoke(one),
                        components[i].getAccessor().invoke(other),
                        each);
            }
            return made(type, components, parts);
        } catch (InaccessibleObjectException | IllegalAccessException error) {
            throw new IllegalArgumentException(
                    asked + ": the " + what + " " + type.getName() + " cannot be read and made; write 'opens "
                            + type.getPackageName()
                            + " to " + TensorTree.class.getModule().getName() + ";' in the module-info.java of module "
                            + type.getModule().getName(),
                    error);
        } catch (InvocationTargetException error) {
            throw new IllegalArgumentException(
                    asked + ": an accessor or the constructor of the " + what + " " + type.getName() + " failed",
                    error.getCause());
        } catch (InstantiationException | NoSuchMethodException error) {
            throw new IllegalStateException("a record without its constructor: " + type.getName(), error);
        }
    }

    private Object made(Class<?> type, RecordComponent[] components, @Nullable Object[] parts)
            throws InvocationTargetException, IllegalAccessException, InstantiationException, NoSuchMethodException {
        for (int i = 0; i < parts.length; i++) {
            Class<?> wanted = components[i].getType();
            if (parts[i] != null && !wanted.isPrimitive() && !wanted.isInstance(parts[i])) {
                throw new IllegalArgumentException(asked + ": the " + what + " " + type.getName() + " has "
                        + components[i].getName() + " of type " + wanted.getName()
                        + ", of which another cannot be made; declare it as Tensor, List, Map, Set or Optional");
            }
        }
        return constructor(type, components).newInstance(parts);
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components)
            throws NoSuchMethodException {
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor;
    }
}
