package dev.clew.tensor;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sample inputs for every operation. The registry of operations is the sealed interface {@link Op} itself; a new operation
 * needs a row here, or {@link OperationsTest} names it.
 */
final class OperationCases {
    static final int[][] SHAPES = {{}, {1}, {3}, {0}, {2, 3}, {1, 3}, {2, 0}, {2, 1, 3}, {2, 3, 2}};

    private final List<Case> cases = new ArrayList<>();

    /**
     * One operation on one set of inputs.
     *
     * @param operation a constant of an enum, or the class of a record
     * @param hasSlopes whether a difference quotient of the values is the gradient, as everywhere but at stopGradient
     */
    record Case(Object operation, List<NDArray> inputs, Build build, boolean hasSlopes) {
        @Override
        public String toString() {
            String name = operation instanceof Class<?> type ? type.getSimpleName() : operation.toString();
            return name + " " + inputs.stream().map(NDArray::shape).toList();
        }
    }

    /** Applies the operation. */
    @FunctionalInterface
    interface Build {
        Tensor of(List<Tensor> inputs);
    }

    /** All rows. */
    static List<Case> all() {
        OperationCases table = new OperationCases();
        table.products();
        table.reductions();
        table.movements();
        table.concatenations();
        table.selections();
        table.sources();
        return Stream.concat(ElementwiseCases.all().stream(), table.cases.stream())
                .toList();
    }

    /** Every operation there is: the records, and the constants of the enums, that the sealed interface permits. */
    static Set<Object> registry() {
        Set<Object> found = new LinkedHashSet<>();
        collect(Op.class, found);
        return found;
    }

    /** What a node's operation is called in the registry. */
    static Object operation(Op op) {
        return op instanceof Enum<?> ? op : op.getClass();
    }

    private static void collect(Class<?> type, Set<Object> found) {
        if (type.isEnum()) {
            found.addAll(List.of(type.getEnumConstants()));
        } else if (type.isSealed()) {
            Stream.of(type.getPermittedSubclasses()).forEach(permitted -> collect(permitted, found));
        } else {
            found.add(type);
        }
    }

    private void add(Object operation, Build build, NDArray... inputs) {
        cases.add(new Case(operation, List.of(inputs), build, true));
    }

    // --------------------------------------------------------------------------- contractions and reductions

    private void products() {
        int[][] sizes = {{2, 3, 4}, {1, 1, 1}, {3, 0, 2}, {0, 2, 3}, {9, 2, 5}, {2, 3, 1}};
        for (int[] size : sizes) {
            for (int flags = 0; flags < 4; flags++) {
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0);
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0, 2);
                product(size[0], size[1], size[2], (flags & 1) != 0, (flags & 2) != 0, 1, 3);
            }
        }
    }

    private void product(int m, int k, int n, boolean turnA, boolean turnB, int... batch) {
        int[] a = shape(batch, turnA ? k : m, turnA ? m : k);
        int[] b = shape(batch, turnB ? n : k, turnB ? k : n);
        add(
                Contraction.MatMul.class,
                in -> new Contraction.MatMul(turnA, turnB).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, a),
                Samples.ANYWHERE.draw(2, b));
    }

    private static int[] shape(int[] batch, int rows, int columns) {
        int[] shape = new int[batch.length + 2];
        System.arraycopy(batch, 0, shape, 0, batch.length);
        shape[batch.length] = rows;
        shape[batch.length + 1] = columns;
        return shape;
    }

    private void reductions() {
        int[][] axes = {{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {0, 1, 2}};
        for (int[] some : axes) {
            ImmutableIntArray reduced = ImmutableIntArray.copyOf(some);
            add(
                    Reduction.Sum.class,
                    in -> new Reduction.Sum(reduced).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, 2, 3, 4));
            add(
                    Reduction.Sum.class,
                    in -> new Reduction.Sum(reduced).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, 2, 0, 4));
            add(
                    Reduction.Max.class,
                    in -> new Reduction.Max(reduced).on(in.getFirst()),
                    Samples.DISTINCT.draw(1, 2, 3, 4));
            add(
                    Reduction.Max.class,
                    in -> new Reduction.Max(reduced).on(in.getFirst()),
                    Samples.DISTINCT.draw(1, 1, 2, 1));
        }
        add(Reduction.Sum.class, in -> in.getFirst().sum(), Samples.ANYWHERE.draw(1));
        add(Reduction.Sum.class, in -> in.getFirst().sum(), Samples.ANYWHERE.draw(1, 1));
        add(Reduction.Max.class, in -> in.getFirst().max(), Samples.ANYWHERE.draw(1));
        add(Reduction.Max.class, in -> in.getFirst().max(1), Samples.DISTINCT.draw(1, 0, 3));
    }

    // -------------------------------------------------------------------------------------------------- movements

    private void movements() {
        int[][][] broadcasts = {
            {{}, {}}, {{}, {3}}, {{1}, {3}}, {{1}, {0}}, {{3}, {2, 3}}, {{2, 1}, {2, 3}}, {{1, 3, 1}, {4, 2, 3, 2}}
        };
        for (int[][] pair : broadcasts) {
            Shape to = Shape.of(pair[1]);
            add(
                    Movement.Broadcast.class,
                    in -> new Movement.Broadcast(to).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, pair[0]));
        }
        int[][][] reshapes = {{{}, {1, 1}}, {{6}, {2, 3}}, {{2, 3}, {3, 2}}, {{2, 0, 3}, {0, 5}}, {{2, 3, 2}, {12}}};
        for (int[][] pair : reshapes) {
            Shape to = Shape.of(pair[1]);
            add(
                    Movement.Reshape.class,
                    in -> new Movement.Reshape(to).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, pair[0]));
        }
        int[][] orders = {{}, {0}, {1, 0}, {2, 0, 1}, {1, 2, 0}, {0, 2, 1}};
        for (int[] order : orders) {
            ImmutableIntArray by = ImmutableIntArray.copyOf(order);
            int[] lengths = List.of(new int[0], new int[] {3}, new int[] {2, 3}, new int[] {2, 3, 4})
                    .get(order.length);
            add(
                    Movement.Transpose.class,
                    in -> new Movement.Transpose(by).on(in.getFirst()),
                    Samples.ANYWHERE.draw(1, lengths));
        }
    }

    private void concatenations() {
        Movement.Window window = window(new int[] {1, 0}, new int[] {2, 1}, 2, 3);
        Movement.Window backward = window(new int[] {4, 2}, new int[] {-1, -2}, 2, 2);
        Movement.Window nothing = window(new int[] {0, 0}, new int[] {1, 1}, 0, 3);
        for (Movement.Window some : List.of(window, backward, nothing)) {
            add(Movement.Slice.class, in -> new Movement.Slice(some).on(in.getFirst()), Samples.ANYWHERE.draw(1, 5, 3));
        }
        add(
                Movement.Place.class,
                in -> new Movement.Place(Shape.of(5, 3), ImmutableList.of(window, backward, nothing))
                        .on(in.get(0), in.get(1), in.get(2)),
                Samples.ANYWHERE.draw(1, 2, 3),
                Samples.ANYWHERE.draw(2, 2, 2),
                Samples.ANYWHERE.draw(3, 0, 3));
        add(
                Movement.Concat.class,
                in -> Tensor.concat(0, in),
                Samples.ANYWHERE.draw(1, 2, 3),
                Samples.ANYWHERE.draw(2, 0, 3),
                Samples.ANYWHERE.draw(3, 1, 3));
        add(
                Movement.Concat.class,
                in -> Tensor.concat(-1, in),
                Samples.ANYWHERE.draw(1, 2, 1, 3),
                Samples.ANYWHERE.draw(2, 2, 1, 2));
        add(Movement.Concat.class, in -> Tensor.concat(0, in), Samples.ANYWHERE.draw(1, 3));
        add(Movement.Concat.class, in -> Tensor.stack(0, in), Samples.ANYWHERE.draw(1), Samples.ANYWHERE.draw(2));
    }

    private static Movement.Window window(int[] start, int[] step, int... size) {
        return new Movement.Window(ImmutableIntArray.copyOf(start), ImmutableIntArray.copyOf(step), Shape.of(size));
    }

    // ------------------------------------------------------------------------------------- selections and sources

    private void selections() {
        NDArray repeated = NDArray.of(new int[] {2, 0, 2, 2});
        add(Selection.Gather.class, in -> in.get(0).gather(in.get(1)), Samples.ANYWHERE.draw(1, 3, 2), repeated);
        add(Selection.Gather.class, in -> in.get(0).gather(in.get(1)), Samples.ANYWHERE.draw(1, 3), NDArray.of(1));
        add(
                Selection.Gather.class,
                in -> in.get(0).gather(in.get(1)),
                Samples.ANYWHERE.draw(1, 3, 2, 2),
                repeated.reshape(Shape.of(2, 2)));
        add(
                Selection.Gather.class,
                in -> in.get(0).gather(in.get(1)),
                Samples.ANYWHERE.draw(1, 3, 2),
                NDArray.of(new int[0]));
        add(
                Selection.ScatterAdd.class,
                in -> new Selection.ScatterAdd(Shape.of(3, 2)).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, 4, 2),
                repeated);
        add(Selection.Pick.class, in -> in.get(0).pick(in.get(1)), Samples.ANYWHERE.draw(1, 4, 3), repeated);
        add(Selection.Pick.class, in -> in.get(0).pick(in.get(1)), Samples.ANYWHERE.draw(1, 3), NDArray.of(2));
        add(
                Selection.Pick.class,
                in -> in.get(0).pick(in.get(1)),
                Samples.ANYWHERE.draw(1, 2, 2, 3),
                repeated.reshape(Shape.of(2, 2)));
        add(
                Selection.Unpick.class,
                in -> new Selection.Unpick(3).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, 4),
                repeated);
        add(
                Selection.OneHot.class,
                in -> Tensor.oneHot(in.get(1), 3, in.get(0).dtype()).times(in.get(0)),
                Samples.ANYWHERE.draw(1, 4, 3),
                repeated);
    }

    private void sources() {
        for (int[] shape : SHAPES) {
            NDArray x = Samples.ANYWHERE.draw(1, shape);
            NDArray numbers = Samples.ANYWHERE.draw(2, shape);
            add(Source.Variable.class, List::getFirst, x);
            add(
                    Source.Constant.class,
                    in -> Tensor.of(numbers.cast(in.getFirst().dtype())).times(in.getFirst()),
                    x);
        }
    }
}
