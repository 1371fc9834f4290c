package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Normalization;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every function of losses and layers, on arguments of every kind of mistake: null, nothing, another rank, another type, an axis that
 * is not there. It may do what was asked; or it says so, beginning with what was called.
 */
class MistakesTest {
    private static final List<Tensor> TENSORS = List.of(
            Tensor.zeros(DType.F64, 2, 3),
            Tensor.zeros(DType.F64, 2, 3, 4),
            Tensor.zeros(DType.F64, 3),
            Tensor.of(1.0),
            Tensor.zeros(DType.F32, 2, 3),
            Tensor.zeros(DType.F64, 0, 3),
            Tensor.of(new int[] {-7, 1}),
            Tensor.of(NDArray.of(new boolean[] {true, false, true})));

    private static final Map<Class<?>, List<Object>> RECEIVERS = Map.of(
            Losses.class, List.of("none"),
            Normalization.class, List.of("none"),
            CrossEntropy.class,
                    List.of(
                            CrossEntropy.create(),
                            CrossEntropy.create().withIgnored(-7).withWeights(TENSORS.get(2))),
            Linear.class, List.of(Linear.create(3, 2, RandomKey.of(1))),
            RnnCell.class, List.of(RnnCell.create(3, 3, RandomKey.of(1))),
            Dropout.class, List.of(new Dropout(0.5)));

    /** What errors call a function by, if not by its name. */
    private static final Map<Class<?>, Set<String>> NAMES = Map.of(
            Losses.class, Set.of(),
            Normalization.class, Set.of(),
            CrossEntropy.class, Set.of("softmaxCrossEntropy", "negativeLogLikelihood", "label smoothing"),
            Linear.class, Set.of("linear layer"),
            RnnCell.class, Set.of("RNN cell"),
            Dropout.class, Set.of("dropout"));

    static List<Method> methods() {
        return RECEIVERS.keySet().stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> Arrays.asList(method.getParameterTypes()).contains(Tensor.class))
                .sorted((a, b) -> a.toGenericString().compareTo(b.toGenericString()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMistakeIsSaidBeginningWithWhatWasCalled(Method method) throws Exception {
        Set<String> wrong = new TreeSet<>();
        for (Object receiver : RECEIVERS.getOrDefault(method.getDeclaringClass(), List.of())) {
            for (List<@Nullable Object> arguments : arguments(List.of(method.getParameterTypes()))) {
                said(method, receiver, arguments).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).as(method.toGenericString()).isEmpty();
    }

    private static List<List<@Nullable Object>> arguments(List<Class<?>> types) {
        List<List<@Nullable Object>> all = List.of(List.of());
        for (Class<?> type : types) {
            List<List<@Nullable Object>> longer = new ArrayList<>();
            for (List<@Nullable Object> before : all) {
                for (Object next : ofType(type)) {
                    List<@Nullable Object> with = new ArrayList<>(before);
                    with.add(next);
                    longer.add(with);
                }
            }
            all = longer;
        }
        return all;
    }

    private static List<@Nullable Object> ofType(Class<?> type) {
        List<@Nullable Object> all = new ArrayList<>();
        if (!type.isPrimitive()) {
            all.add(null);
        }
        if (type == Tensor.class) {
            all.addAll(TENSORS);
        } else if (type == double.class) {
            all.addAll(List.of(0.5, Double.NaN));
        } else if (type == int[].class) {
            all.addAll(List.of(new int[0], new int[] {0, 1}, new int[] {7}));
        } else if (type == Reduce.class) {
            all.addAll(List.of(Reduce.MEAN, Reduce.NONE));
        } else if (type == RandomKey.class) {
            all.add(RandomKey.of(1));
        } else {
            throw new IllegalArgumentException("no arguments of " + type);
        }
        return all;
    }

    private static Optional<String> said(Method method, Object receiver, List<@Nullable Object> arguments)
            throws Exception {
        try {
            method.invoke(receiver, arguments.toArray());
            return Optional.empty();
        } catch (InvocationTargetException thrown) {
            Throwable error = Objects.requireNonNull(thrown.getCause());
            String message = String.valueOf(error.getMessage());
            boolean isNamed = message.startsWith(method.getName())
                    || NAMES.getOrDefault(method.getDeclaringClass(), Set.of()).stream()
                            .anyMatch(message::startsWith);
            return error instanceof IllegalArgumentException && isNamed
                    ? Optional.empty()
                    : Optional.of(error.getClass().getSimpleName() + ": " + message);
        }
    }
}
