package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public method of a tensor and of an array, on arguments of every kind of mistake: null, nothing, another rank, another
 * type, an axis that is not there, sizes that no array has. It may do what was asked; or it says so, beginning with what was called.
 */
final class MistakesTest {
    private static final int LARGE = 100_000;

    /** What needs no numbers of arguments: an index or a condition decides when it is evaluated. */
    private static final List<Tensor> TENSORS = List.of(
            Tensor.zeros(DType.F64, 2, 3),
            Tensor.of(1.0),
            Tensor.zeros(DType.F32, 0, 3),
            Tensor.zeros(DType.F64, 0, LARGE, LARGE),
            Tensor.zeros(DType.F64, LARGE, 1),
            Tensor.zeros(DType.F64, 1, LARGE),
            Tensor.zeros(DType.F64, 0),
            Tensor.of(new int[] {-7, 5}),
            Tensor.of(NDArray.of(new boolean[] {true, false})));

    private static final List<Method> METHODS = Stream.of(Tensor.class, NDArray.class)
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .filter(method -> method.getDeclaringClass() != Object.class && !method.isBridge())
            .filter(method -> !Set.of("values", "value", "item", "equals", "build", "load")
                    .contains(method.getName()))
            .sorted((a, b) -> a.toGenericString().compareTo(b.toGenericString()))
            .toList();

    static List<Method> methods() {
        return METHODS;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMistakeIsSaidBeginningWithWhatWasCalled(Method method) throws Exception {
        Set<String> wrong = new TreeSet<>();
        for (Object receiver : receivers(method)) {
            for (List<@Nullable Object> arguments : arguments(List.of(method.getParameterTypes()))) {
                said(method, receiver, arguments).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).as(method.toGenericString()).isEmpty();
    }

    private static Collection<?> receivers(Method method) {
        if (Modifier.isStatic(method.getModifiers())) {
            return Collections.singleton("");
        }
        if (method.getDeclaringClass() == NDArray.class) {
            return TENSORS.stream().map(Tensor::value).toList();
        }
        return TENSORS;
    }

    private static List<List<@Nullable Object>> arguments(List<Class<?>> types) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        all.add(new ArrayList<>());
        for (Class<?> type : types) {
            List<List<@Nullable Object>> longer = new ArrayList<>();
            for (List<@Nullable Object> before : all) {
                for (Object next : ofType(type)) {
                    List<@Nullable Object> with = new ArrayList<>(before);
                    with.add(next);
                    longer.add(with);
                }
            }
            all.clear();
            all.addAll(longer);
        }
        return all;
    }

    private static List<@Nullable Object> ofType(Class<?> type) {
        List<@Nullable Object> all = new ArrayList<>();
        if (!type.isPrimitive()) {
            all.add(null);
        }
        if (type == int.class) {
            all.addAll(List.of(0, 1, -1, 7, -9, LARGE));
        } else if (type == double.class) {
            all.addAll(List.of(1.0, Double.NaN));
        } else if (type == float.class) {
            all.add(1f);
        } else if (type == boolean.class) {
            all.addAll(List.of(true, false));
        } else if (type == int[].class) {
            all.addAll(
                    List.of(new int[0], new int[] {0, 1}, new int[] {1, 1}, new int[] {7}, new int[] {LARGE, LARGE}));
        } else if (type == double[].class) {
            all.addAll(List.of(new double[0], new double[] {1, 2}));
        } else if (type == float[].class) {
            all.addAll(List.of(new float[0], new float[] {1, 2}));
        } else if (type == boolean[].class) {
            all.add(new boolean[2]);
        } else if (type == double[][].class) {
            all.addAll(List.of(new double[0][], new double[1][], new double[][] {{1}, {1, 2}}));
        } else if (type == float[][].class) {
            all.addAll(List.of(new float[0][], new float[1][], new float[][] {{1}, {1, 2}}));
        } else if (type == int[][].class) {
            all.addAll(List.of(new int[0][], new int[1][], new int[][] {{1}, {1, 2}}));
        } else if (type == Tensor.class) {
            all.addAll(TENSORS);
        } else if (type == NDArray.class) {
            all.addAll(TENSORS.stream().map(Tensor::value).toList());
        } else if (type == Tensor[].class) {
            all.add(new Tensor[] {TENSORS.getFirst(), TENSORS.getLast()});
            all.add(new Tensor[] {null});
            all.add(new Tensor[] {Tensor.zeros(DType.F64, LARGE), Tensor.zeros(DType.F64, LARGE)});
        } else if (type == List.class) {
            all.addAll(List.of(
                    List.of(),
                    Collections.singletonList(null),
                    List.of(TENSORS.getFirst(), TENSORS.getLast()),
                    List.of(TENSORS.get(4), TENSORS.get(5)),
                    Collections.nCopies(LARGE, TENSORS.get(4))));
        } else if (type == Shape.class) {
            all.addAll(List.of(Shape.SCALAR, Shape.of(7), Shape.of(2, 3)));
        } else if (type == DType.class) {
            all.addAll(List.of(DType.F64, DType.I32));
        } else if (type == String.class) {
            all.addAll(List.of("", "ij,jk->ik", "i,j->ij", "i->ii"));
        } else {
            throw new IllegalArgumentException("no arguments of " + type);
        }
        return all;
    }

    private static Set<String> expected(Method method) {
        return method.getName().equals("of") ? Set.of("tensor", "array", "row") : Set.of(method.getName());
    }

    private static Optional<String> said(Method method, Object receiver, List<@Nullable Object> arguments)
            throws Exception {
        try {
            method.invoke(receiver, arguments.toArray());
            return Optional.empty();
        } catch (InvocationTargetException thrown) {
            Throwable error = Objects.requireNonNull(thrown.getCause());
            boolean isIndex = error instanceof IndexOutOfBoundsException
                    && (method.getDeclaringClass() == NDArray.class
                            || method.getName().equals("input"));
            String message = String.valueOf(error.getMessage());
            String first = message.substring(0, Math.max(0, message.split("[^A-Za-z]", 2)[0].length()));
            boolean isNamed = !first.isEmpty() && expected(method).stream().anyMatch(name -> name.startsWith(first));
            return (error instanceof IllegalArgumentException || isIndex) && isNamed
                    ? Optional.empty()
                    : Optional.of(error.getClass().getSimpleName() + ": " + message);
        }
    }
}
