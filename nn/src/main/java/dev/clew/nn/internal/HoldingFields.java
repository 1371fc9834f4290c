package dev.clew.nn.internal;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields that may hold something of a type, such as a tensor, of objects that are not looked into: it would be passed over, and nobody
 * would see it. Java's own classes have none.
 */
public final class HoldingFields {
    private final Class<?> wanted;
    private final ClassValue<ImmutableList<Field>> found = new ClassValue<>() {
        @Override
        protected ImmutableList<Field> computeValue(Class<?> type) {
            ImmutableList.Builder<Field> fields = ImmutableList.builder();
            for (Class<?> each = type; each != null && each.getClassLoader() != null; each = each.getSuperclass()) {
                Stream.of(each.getDeclaredFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()) && mayHold(field.getGenericType()))
                        .forEach(fields::add);
            }
            return fields.build();
        }
    };

    /** Those that may hold something of this type. */
    public HoldingFields(Class<?> wanted) {
        this.wanted = wanted;
    }

    /** Of a class and those above it. */
    public ImmutableList<Field> of(Class<?> type) {
        return found.get(type);
    }

    /** What a field holds; nothing if it cannot be read. */
    public static Optional<Object> read(Field field, Object of) {
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(of));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            return Optional.empty();
        }
    }

    /** Whether it is known of a field only at run time what it holds: {@code T first}, {@code Object[] parts}. */
    public static boolean isOfAnything(Field field) {
        return isAnything(field.getGenericType());
    }

    private static boolean isAnything(Type type) {
        return switch (type) {
            case Class<?> one -> one == Object.class || (one.isArray() && isAnything(one.getComponentType()));
            case TypeVariable<?> _ -> true;
            case GenericArrayType array -> isAnything(array.getGenericComponentType());
            default -> false;
        };
    }

    private boolean mayHold(Type type) {
        return isAnything(type) || holds(type);
    }

    private boolean holds(Type type) {
        return switch (type) {
            case Class<?> one ->
                wanted.isAssignableFrom(one)
                        || (one.isArray() && holds(one.getComponentType()))
                        || (one.isRecord()
                                && Stream.of(one.getRecordComponents())
                                        .anyMatch(component -> holds(component.getGenericType())));
            case ParameterizedType generic ->
                holds(generic.getRawType())
                        || Stream.of(generic.getActualTypeArguments()).anyMatch(this::holds);
            case GenericArrayType array -> holds(array.getGenericComponentType());
            case WildcardType wildcard -> Stream.of(wildcard.getUpperBounds()).anyMatch(this::holds);
            default -> false;
        };
    }
}
