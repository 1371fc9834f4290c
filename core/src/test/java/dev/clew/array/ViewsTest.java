package dev.clew.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random chains of views, against a copy made index by index at every link of the chain. */
final class ViewsTest {

    /** The slow twin: an array that is always a fresh row-major copy. */
    private static final class Naive {
        private final int[] lengths;
        private final double[] numbers;

        Naive(int[] lengths, double[] numbers) {
            this.lengths = lengths;
            this.numbers = numbers;
        }

        double get(int[] index) {
            int position = 0;
            for (int axis = 0; axis < lengths.length; axis++) {
                position = position * lengths[axis] + index[axis];
            }
            return numbers[position];
        }

        /** A copy in another shape, whose element at an index comes from another index. */
        Naive copy(int[] to, Source source) {
            Naive copy = new Naive(to, new double[Arrays.stream(to).reduce(1, (a, b) -> a * b)]);
            for (int i = 0; i < copy.numbers.length; i++) {
                copy.numbers[i] = get(source.of(unravel(i, to)));
            }
            return copy;
        }
    }

    @FunctionalInterface
    private interface Source {
        int[] of(int[] index);
    }

    private record Pair(NDArray view, Naive copy) {}

    private static int[] unravel(int position, int[] lengths) {
        int[] index = new int[lengths.length];
        int rest = position;
        for (int axis = lengths.length - 1; axis >= 0; axis--) {
            index[axis] = rest % lengths[axis];
            rest /= lengths[axis];
        }
        return index;
    }

    @Property(tries = 3000)
    void chainsOfViewsReadTheRightElements(@ForAll Random random) {
        int[] lengths = random.ints(random.nextInt(4), 0, 5).toArray();
        DType type = List.of(DType.values()).get(random.nextInt(4));
        double[] numbers = random.ints(Shape.of(lengths).elements(), 0, 2 + random.nextInt(99))
                .asDoubleStream()
                .toArray();
        NDArray array = NDArray.of(Shape.of(lengths), numbers).cast(type);
        Pair pair = new Pair(array, new Naive(lengths, array.toDoubles()));
        int links = random.nextInt(6);
        for (int i = 0; i < links; i++) {
            pair = switch (random.nextInt(5)) {
                case 0 -> permuted(pair, random);
                case 1 -> sliced(pair, random);
                case 2 -> broadcast(pair, random);
                case 3 -> reshaped(pair, random);
                default -> new Pair(pair.view.contiguous(), pair.copy);
            };
            agree(pair, random);
        }
    }

    private static Pair permuted(Pair pair, Random random) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < pair.copy.lengths.length; axis++) {
            axes.add(axis);
        }
        Collections.shuffle(axes, random);
        int[] order = axes.stream().mapToInt(axis -> axis).toArray();
        int[] to = Arrays.stream(order).map(axis -> pair.copy.lengths[axis]).toArray();
        Naive copy = pair.copy.copy(to, index -> {
            int[] from = new int[order.length];
            for (int axis = 0; axis < order.length; axis++) {
                from[order[axis]] = index[axis];
            }
            return from;
        });
        return new Pair(pair.view.permute(order), copy);
    }

    private static Pair sliced(Pair pair, Random random) {
        int rank = pair.copy.lengths.length;
        int[] start = new int[rank];
        int[] step = new int[rank];
        int[] size = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int length = pair.copy.lengths[axis];
            step[axis] = random.nextBoolean() ? 1 + random.nextInt(3) : -1 - random.nextInt(3);
            start[axis] = length == 0 ? 0 : random.nextInt(length);
            int room = step[axis] > 0 ? length - start[axis] : start[axis] + 1;
            size[axis] = length == 0 ? 0 : random.nextInt(Math.ceilDiv(room, Math.abs(step[axis])) + 1);
        }
        Naive copy = pair.copy.copy(size, index -> {
            int[] from = new int[rank];
            Arrays.setAll(from, axis -> start[axis] + step[axis] * index[axis]);
            return from;
        });
        return new Pair(pair.view.slice(start, step, Shape.of(size)), copy);
    }

    private static Pair broadcast(Pair pair, Random random) {
        int rank = pair.copy.lengths.length;
        if (rank > 3) {
            return pair;
        }
        int added = random.nextInt(2);
        int[] to = new int[rank + added];
        for (int axis = 0; axis < to.length; axis++) {
            boolean free = axis < added || pair.copy.lengths[axis - added] == 1;
            to[axis] = free ? random.nextInt(4) : pair.copy.lengths[axis - added];
        }
        Naive copy = pair.copy.copy(to, index -> {
            int[] from = Arrays.copyOfRange(index, added, index.length);
            for (int axis = 0; axis < rank; axis++) {
                from[axis] = pair.copy.lengths[axis] == 1 ? 0 : from[axis];
            }
            return from;
        });
        return new Pair(pair.view.broadcastTo(Shape.of(to)), copy);
    }

    private static Pair reshaped(Pair pair, Random random) {
        int elements = pair.copy.numbers.length;
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {elements}, new int[] {1, elements, 1}));
        for (int divisor = 2; divisor < elements; divisor++) {
            if (elements % divisor == 0) {
                shapes.add(new int[] {divisor, elements / divisor});
            }
        }
        if (elements == 1) {
            shapes.add(new int[0]);
        }
        if (elements == 0) {
            shapes.add(new int[] {2, 0, 3});
        }
        int[] to = shapes.get(random.nextInt(shapes.size()));
        return new Pair(pair.view.reshape(Shape.of(to)), new Naive(to, pair.copy.numbers));
    }

    private static void agree(Pair pair, Random random) {
        NDArray view = pair.view;
        double[] expected = pair.copy.numbers;
        assertThat(view.shape().lengths()).isEqualTo(pair.copy.lengths);
        assertThat(view.toDoubles()).isEqualTo(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(view.get(unravel(i, pair.copy.lengths))).isEqualTo(expected[i]);
        }
        int from = random.nextInt(expected.length + 1);
        int count = random.nextInt(expected.length - from + 1);
        double[] block = new double[count];
        view.load(block, from, count);
        assertThat(block).isEqualTo(Arrays.copyOfRange(expected, from, from + count));
        assertThat(view.cast(DType.F64).toDoubles()).isEqualTo(expected);
        NDArray same = NDArray.of(view.shape(), expected).cast(view.dtype());
        assertThat(view).isEqualTo(same).hasSameHashCodeAs(same);
    }
}
