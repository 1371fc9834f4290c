package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Numbers in a shape, row-major, as the oracle has them: plain loops over a Java array, and nothing of Clew's. What is not f64
 * is rounded to its type whenever an array is made.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record Numbers(DType type, int[] shape, double[] data) {
    /** The element at an index. */
    @FunctionalInterface
    interface At {
        double of(int[] index);
    }

    static Numbers build(DType type, int[] shape, At at) {
        double[] data = new double[elements(shape)];
        int[] index = new int[shape.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = rounded(type, at.of(index));
            for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return new Numbers(type, shape, data);
    }

    static Numbers of(DType type, int[] shape, double... data) {
        int[] next = {0};
        return build(type, shape, _ -> data[next[0]++]);
    }

    static int elements(int... shape) {
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        return count;
    }

    static double rounded(DType type, double x) {
        return switch (type) {
            case F64 -> x;
            case F32 -> (float) x;
            case I32 -> (int) x;
            case BOOL -> x != 0 ? 1 : 0;
        };
    }

    int rank() {
        return shape.length;
    }

    int size() {
        return data.length;
    }

    boolean isNumber() {
        return type != DType.BOOL;
    }

    boolean isTruth() {
        return type == DType.BOOL;
    }

    boolean isFloating() {
        return type.isFloating();
    }

    boolean hasShape(int... other) {
        return Arrays.equals(shape, other);
    }

    double get(int... index) {
        return data[position(index)];
    }

    /**
     * The row-major position of an index.
     *
     * @throws IllegalArgumentException if there is none: indices that are computed may be others when a loop goes on
     */
    int position(int... index) {
        int at = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape[axis]) {
                throw new IllegalArgumentException(
                        "no index " + Arrays.toString(index) + " in " + Arrays.toString(shape));
            }
            at = at * shape[axis] + index[axis];
        }
        return at;
    }

    /** At an index of a larger shape, by NumPy's rule of broadcasting. */
    double wide(int[] index) {
        int[] own = new int[shape.length];
        int added = index.length - shape.length;
        for (int axis = 0; axis < own.length; axis++) {
            own[axis] = shape[axis] == 1 ? 0 : index[axis + added];
        }
        return get(own);
    }

    Numbers map(DType to, DoubleUnaryOperator function) {
        return build(to, shape, index -> function.applyAsDouble(get(index)));
    }

    Numbers reshaped(int... to) {
        return new Numbers(type, to, data);
    }

    /** The axes in another order. */
    Numbers permuted(int... order) {
        int[] to = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            to[i] = shape[order[i]];
        }
        return build(type, to, index -> {
            int[] from = new int[order.length];
            for (int i = 0; i < order.length; i++) {
                from[order[i]] = index[i];
            }
            return get(from);
        });
    }

    /** An axis taken out and put elsewhere. */
    Numbers moved(int from, int to) {
        int[] order = new int[shape.length];
        int next = 0;
        for (int i = 0; i < order.length; i++) {
            if (i == to) {
                order[i] = from;
            } else {
                next += next == from ? 1 : 0;
                order[i] = next++;
            }
        }
        return permuted(order);
    }

    /** A function of every line along an axis, which may change its length. */
    Numbers along(int axis, DType to, UnaryOperator<double[]> function) {
        Numbers last = moved(axis, shape.length - 1);
        int length = shape[axis];
        int lines = elements(without(axis));
        double[] none = lines == 0 ? function.apply(new double[length]) : new double[0];
        double[][] results = new double[lines][];
        for (int line = 0; line < lines; line++) {
            results[line] = function.apply(Arrays.copyOfRange(last.data, line * length, (line + 1) * length));
        }
        int[] made = last.shape.clone();
        made[made.length - 1] = lines == 0 ? none.length : results[0].length;
        double[] flat = Arrays.stream(results).flatMapToDouble(Arrays::stream).toArray();
        return of(to, made, flat).moved(shape.length - 1, axis);
    }

    Numbers along(int axis, UnaryOperator<double[]> function) {
        return along(axis, type, function);
    }

    /** One number for every group of elements along some axes, which stay with length 1; no axes are all. */
    Numbers reduced(int[] axes, DType to, ToDoubleFunction<double[]> function) {
        boolean[] gone = gone(axes);
        int[] made = shape.clone();
        for (int axis = 0; axis < made.length; axis++) {
            made[axis] = gone[axis] ? 1 : made[axis];
        }
        int[] lengths = shape.clone();
        for (int axis = 0; axis < lengths.length; axis++) {
            lengths[axis] = gone[axis] ? shape[axis] : 1;
        }
        return build(to, made, group -> {
            Numbers elements = build(type, lengths, inner -> {
                int[] index = inner.clone();
                for (int axis = 0; axis < index.length; axis++) {
                    index[axis] += group[axis];
                }
                return get(index);
            });
            return function.applyAsDouble(elements.data);
        });
    }

    private boolean[] gone(int... axes) {
        boolean[] gone = new boolean[shape.length];
        Arrays.fill(gone, axes.length == 0);
        for (int axis : axes) {
            gone[axis < 0 ? axis + gone.length : axis] = true;
        }
        return gone;
    }

    /** The shape without axes; none are all. */
    int[] dropped(int... axes) {
        boolean[] gone = gone(axes);
        return java.util.stream.IntStream.range(0, shape.length)
                .filter(axis -> !gone[axis])
                .map(axis -> shape[axis])
                .toArray();
    }

    private int[] without(int axis) {
        return dropped(axis);
    }

    /** Of the largest magnitude that is finite, or 0. */
    double largest() {
        return Arrays.stream(data).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    }

    NDArray array() {
        return NDArray.of(Shape.of(shape), data).cast(type);
    }

    static Numbers of(NDArray array) {
        return new Numbers(array.dtype(), array.shape().lengths(), array.toDoubles());
    }

    /** As Java would make it: {@code f64(2, 3)[1.0, ...]}. */
    @Override
    public String toString() {
        String lengths = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String numbers = Arrays.stream(data)
                .mapToObj(x -> x == Math.rint(x) && Math.abs(x) < 1e9 && (x != 0 || 1 / x > 0)
                        ? Long.toString((long) x)
                        : Double.toString(x))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%s(%s)[%s]", type, lengths, numbers);
    }
}
