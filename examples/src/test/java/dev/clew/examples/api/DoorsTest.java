package dev.clew.examples.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A user sees only what a user needs: no public signature speaks of the engine, or of a library that only the engine uses. */
final class DoorsTest {
    @Test
    void publicSignaturesSpeakOfWhatUsersSeeAndOfJava() {
        Set<String> seen = PublicApi.types().stream().map(Class::getName).collect(Collectors.toSet());
        Set<String> wrong = new TreeSet<>();
        Set<String> looked = new TreeSet<>();
        for (Class<?> type : PublicApi.types()) {
            members(type).forEach(member -> {
                looked.add(member.toString());
                for (Type part : parts(member)) {
                    each(part, named -> {
                        if (!named.getName().startsWith("java.") && !seen.contains(named.getName())) {
                            wrong.add(type.getName() + ": " + member + " speaks of " + named.getName());
                        }
                    });
                }
            });
        }
        assertThat(wrong).isEmpty();
        assertThat(looked).hasSizeGreaterThan(700);
    }

    private static Stream<Object> members(Class<?> type) {
        return Stream.<Object>concat(
                        Stream.<Object>concat(
                                Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredFields())),
                        Arrays.stream(type.getMethods()))
                .filter(DoorsTest::isSeen);
    }

    private static boolean isSeen(Object member) {
        return switch (member) {
            case Executable entry -> isSeen(entry.getModifiers()) && !entry.isSynthetic();
            case Field field -> isSeen(field.getModifiers()) && !field.isSynthetic();
            default -> throw new IllegalArgumentException(String.valueOf(member));
        };
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static Type[] parts(Object member) {
        return switch (member) {
            case Method method ->
                Stream.concat(
                                Arrays.stream(method.getGenericParameterTypes()),
                                Stream.of(method.getGenericReturnType()))
                        .toArray(Type[]::new);
            case Executable entry -> entry.getGenericParameterTypes();
            case Field field -> new Type[] {field.getGenericType()};
            default -> throw new IllegalArgumentException(String.valueOf(member));
        };
    }

    /** Every class that a type is made of. */
    private static void each(Type type, Consumer<Class<?>> seen) {
        switch (type) {
            case Class<?> named when named.isArray() -> each(named.getComponentType(), seen);
            case Class<?> named when named.isPrimitive() -> {}
            case Class<?> named -> seen.accept(named);
            case GenericArrayType array -> each(array.getGenericComponentType(), seen);
            case ParameterizedType generic -> {
                each(generic.getRawType(), seen);
                Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> each(argument, seen));
            }
            case WildcardType wildcard ->
                Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                        .flatMap(Arrays::stream)
                        .forEach(bound -> each(bound, seen));
            case TypeVariable<?> variable -> {}
            default -> throw new IllegalArgumentException(type.getTypeName());
        }
    }
}
