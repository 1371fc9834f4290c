package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Shapes, numbers and ways for them to lie, all from one seed. */
final class Draws {
    private static final double[] SPECIAL = {
        0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, -2
    };
    private final SplittableRandom random;

    Draws(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean isTrue() {
        return random.nextBoolean();
    }

    DType type(DType... types) {
        return types[below(types.length)];
    }

    Shape shape(int fromRank, int toRank) {
        int[] lengths = new int[fromRank + below(toRank - fromRank + 1)];
        Arrays.setAll(lengths, i -> 1 + below(below(8) == 0 ? 40 : 5));
        return Shape.of(lengths);
    }

    int[] someOf(int rank) {
        return random.ints(0, rank).limit(rank).distinct().sorted().toArray();
    }

    Window window(Shape of) {
        int[] start = new int[of.rank()];
        int[] step = new int[of.rank()];
        Shape size = of;
        for (int axis = 0; axis < of.rank(); axis++) {
            int length = of.length(axis);
            step[axis] = below(3) == 0 ? 1 + below(3) : 1;
            start[axis] = below(2) == 0 ? 0 : below(length);
            int most = (length - 1 - start[axis]) / step[axis] + 1;
            int count = below(2) == 0 ? most : 1 + below(most);
            if (below(4) == 0) {
                start[axis] += (count - 1) * step[axis];
                step[axis] = -step[axis];
            }
            size = size.with(axis, count);
        }
        return new Window(IntTuple.of(start), IntTuple.of(step), size);
    }

    Tensor tensor(DType type, Shape shape) {
        double[] numbers = new double[3 * shape.elements() + 2];
        Arrays.setAll(numbers, i -> below(4) == 0 ? SPECIAL[below(SPECIAL.length)] : random.nextDouble(-3, 3));
        return laid(shape, type, numbers);
    }

    Tensor indices(Shape shape, int bound) {
        double[] numbers = new double[3 * shape.elements() + 2];
        Arrays.setAll(numbers, i -> below(bound));
        return laid(shape, DType.I32, numbers);
    }

    /** A tensor of a shape in one of some layouts, of the first numbers. */
    private Tensor laid(Shape shape, DType type, double[] numbers) {
        int rank = shape.rank();
        return switch (rank == 0 ? 0 : below(5)) {
            case 1 -> {
                int[] lengths = new int[rank];
                Arrays.setAll(lengths, i -> shape.length(rank - 1 - i));
                yield leaf(Shape.of(lengths), type, numbers).transpose(reversed(rank));
            }
            case 2 -> {
                int axis = below(rank);
                Shape wider = shape.with(axis, 2 * shape.length(axis) + 1);
                yield leaf(wider, type, numbers).slice(axis, wider.length(axis) - 1, 0, -2);
            }
            case 3 -> {
                int axis = below(rank);
                yield leaf(shape.with(axis, 1), type, numbers).broadcastTo(shape);
            }
            case 4 -> {
                int axis = below(rank);
                Shape wider = shape.with(axis, shape.length(axis) + 1);
                yield leaf(wider, type, numbers).slice(axis, 1, wider.length(axis));
            }
            default -> leaf(shape, type, numbers);
        };
    }

    private static Tensor leaf(Shape shape, DType type, double[] numbers) {
        double[] first = Arrays.copyOf(numbers, shape.elements());
        return Tensor.of(NDArray.of(shape, first).cast(type));
    }

    static int[] reversed(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> rank - 1 - i);
        return order;
    }
}
