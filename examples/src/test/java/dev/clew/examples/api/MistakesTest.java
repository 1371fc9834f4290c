package dev.clew.examples.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Normalization;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Tensor;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public method of a tensor and of an array, and every function of losses and layers, on arguments of every kind of mistake: null,
 * nothing, another rank, another type, an axis that is not there, sizes that no array has. It may do what was asked; or it says so,
 * beginning with what was called.
 */
final class MistakesTest {
    private static final int LARGE = 100_000;

    /** What needs no numbers of arguments: an index or a condition decides when it is evaluated. */
    private static final List<Tensor> OF_TENSORS = List.of(
            Tensor.zeros(DType.F64, 2, 3),
            Tensor.of(1.0),
            Tensor.zeros(DType.F32, 0, 3),
            Tensor.zeros(DType.F64, 0, LARGE, LARGE),
            Tensor.zeros(DType.F64, LARGE, 1),
            Tensor.zeros(DType.F64, 1, LARGE),
            Tensor.zeros(DType.F64, 0),
            Tensor.of(new int[] {-7, 5}),
            Tensor.of(NDArray.of(new boolean[] {true, false})));

    private static final List<Tensor> OF_NETWORKS = List.of(
            Tensor.zeros(DType.F64, 2, 3),
            Tensor.zeros(DType.F64, 2, 3, 4),
            Tensor.zeros(DType.F64, 3),
            Tensor.of(1.0),
            Tensor.zeros(DType.F32, 2, 3),
            Tensor.zeros(DType.F64, 0, 3),
            Tensor.of(new int[] {-7, 1}),
            Tensor.of(NDArray.of(new boolean[] {true, false, true})));

    /** What a type is asked of; a function is asked of nothing. */
    private static final Map<Class<?>, List<?>> RECEIVERS = new LinkedHashMap<>(Map.of(
            Tensor.class, OF_TENSORS,
            NDArray.class, OF_TENSORS.stream().map(Tensor::value).toList(),
            Losses.class, List.of(),
            Normalization.class, List.of(),
            CrossEntropy.class,
                    List.of(
                            CrossEntropy.create(),
                            CrossEntropy.create().withIgnored(-7).withWeights(OF_NETWORKS.get(2))),
            Linear.class, List.of(Linear.create(3, 2, RandomKey.of(1))),
            RnnCell.class, List.of(RnnCell.create(3, 3, RandomKey.of(1))),
            Dropout.class, List.of(new Dropout(0.5))));

    /** What errors call a function by, if not by its name. */
    private static final Map<Class<?>, Set<String>> NAMES = Map.of(
            CrossEntropy.class, Set.of("softmaxCrossEntropy", "negativeLogLikelihood", "label smoothing"),
            Linear.class, Set.of("linear layer"),
            RnnCell.class, Set.of("RNN cell"),
            Dropout.class, Set.of("dropout"));

    /** A method as it is called on a type; it may be declared elsewhere. */
    record Call(Class<?> type, Method method) {
        boolean isOfTensors() {
            return type == Tensor.class || type == NDArray.class;
        }

        boolean isMeant() {
            return isOfTensors()
                    ? !Set.of("values", "value", "item", "equals", "build", "load")
                            .contains(method.getName())
                    : Arrays.asList(method.getParameterTypes()).contains(Tensor.class);
        }

        Set<String> names() {
            if (isOfTensors() && method.getName().equals("of")) {
                return Set.of("tensor", "array", "row");
            }
            Set<String> names = new TreeSet<>(NAMES.getOrDefault(type, Set.of()));
            names.add(method.getName());
            return names;
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "." + method.getName() + Arrays.toString(method.getParameterTypes());
        }
    }

    static List<Call> calls() {
        return RECEIVERS.keySet().stream()
                .flatMap(type -> Arrays.stream(type.getMethods()).map(method -> new Call(type, method)))
                .filter(call ->
                        call.method.getDeclaringClass() != Object.class && !call.method.isBridge() && call.isMeant())
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }

    private List<Tensor> tensors = OF_TENSORS;

    @ParameterizedTest
    @MethodSource("calls")
    void aMistakeIsSaidBeginningWithWhatWasCalled(Call call) {
        tensors = call.isOfTensors() ? OF_TENSORS : OF_NETWORKS;
        MethodHandle handle = PublicApi.handle(call.type, call.method);
        List<List<?>> choices = new ArrayList<>();
        if (!PublicApi.isStatic(call.method)) {
            choices.add(RECEIVERS.getOrDefault(call.type, List.of()));
        }
        for (Class<?> type : call.method.getParameterTypes()) {
            choices.add(ofType(type));
        }
        Set<String> wrong = new TreeSet<>();
        for (List<@Nullable Object> arguments : all(choices)) {
            said(call, handle, arguments).ifPresent(wrong::add);
        }
        assertThat(wrong).as(call.toString()).isEmpty();
    }

    /** Every choice of one from each. */
    private static List<List<@Nullable Object>> all(List<List<?>> choices) {
        List<List<@Nullable Object>> all = List.of(List.of());
        for (List<?> choice : choices) {
            List<List<@Nullable Object>> longer = new ArrayList<>();
            for (List<@Nullable Object> before : all) {
                for (Object next : choice) {
                    List<@Nullable Object> with = new ArrayList<>(before);
                    with.add(next);
                    longer.add(with);
                }
            }
            all = longer;
        }
        return all;
    }

    private List<@Nullable Object> ofType(Class<?> type) {
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
            all.addAll(tensors);
        } else if (type == NDArray.class) {
            all.addAll(tensors.stream().map(Tensor::value).toList());
        } else if (type == Tensor[].class) {
            all.add(new Tensor[] {tensors.getFirst(), tensors.getLast()});
            all.add(new Tensor[] {null});
            all.add(new Tensor[] {Tensor.zeros(DType.F64, LARGE), Tensor.zeros(DType.F64, LARGE)});
        } else if (type == List.class) {
            all.addAll(List.of(
                    List.of(),
                    Collections.singletonList(null),
                    List.of(tensors.getFirst(), tensors.getLast()),
                    List.of(tensors.get(4), tensors.get(5)),
                    Collections.nCopies(LARGE, tensors.get(4))));
        } else if (type == Shape.class) {
            all.addAll(List.of(Shape.SCALAR, Shape.of(7), Shape.of(2, 3)));
        } else if (type == DType.class) {
            all.addAll(List.of(DType.F64, DType.I32));
        } else if (type == Reduce.class) {
            all.addAll(List.of(Reduce.MEAN, Reduce.NONE));
        } else if (type == RandomKey.class) {
            all.add(RandomKey.of(1));
        } else if (type == String.class) {
            all.addAll(List.of("", "ij,jk->ik", "i,j->ij", "i->ii"));
        } else if (type == MemorySegment.class) {
            all.add(MemorySegment.ofArray(new byte[5]));
        } else if (type == ByteBuffer.class) {
            all.addAll(List.of(ByteBuffer.allocate(8), ByteBuffer.allocate(8).asReadOnlyBuffer()));
        } else if (type == DoubleBuffer.class) {
            all.add(DoubleBuffer.allocate(2));
        } else if (type == FloatBuffer.class) {
            all.add(FloatBuffer.allocate(2));
        } else if (type == IntBuffer.class) {
            all.add(IntBuffer.allocate(2));
        } else if (type == WritableByteChannel.class) {
            all.add(Channels.newChannel(OutputStream.nullOutputStream()));
        } else {
            throw new IllegalArgumentException("no arguments of " + type);
        }
        return all;
    }

    private static Optional<String> said(Call call, MethodHandle handle, List<@Nullable Object> arguments) {
        try {
            handle.invoke(arguments.toArray());
            return Optional.empty();
        } catch (Throwable error) {
            boolean isIndex = error instanceof IndexOutOfBoundsException
                    && (call.type == NDArray.class || call.method.getName().equals("input"));
            String message = String.valueOf(error.getMessage());
            return (error instanceof IllegalArgumentException || isIndex) && isNamed(call, message)
                    ? Optional.empty()
                    : Optional.of(error.getClass().getSimpleName() + ": " + message);
        }
    }

    /** Of an array, the first word may be a part of the name: matmul calls rows, rowsOf row. */
    private static boolean isNamed(Call call, String message) {
        String first = message.split("[^A-Za-z]", 2)[0];
        return call.names().stream()
                .anyMatch(name ->
                        message.startsWith(name) || (call.isOfTensors() && !first.isEmpty() && name.startsWith(first)));
    }
}
