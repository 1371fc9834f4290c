package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sample inputs for every operation. The registry of operations is the sealed interface {@link Op} itself; a new operation
 * needs a row here, or {@link OperationsTest} names it.
 */
final class OperationCases {
    private static final int[][] SHAPES = {{}, {1}, {3}, {0}, {2, 3}, {1, 3}, {2, 0}, {2, 1, 3}, {2, 3, 2}};

    private final List<Case> cases = new ArrayList<>();

    /**
     * One operation on one set of inputs.
     *
     * @param operation a constant of an enum, the class of a record, or the name of a function composed of operations
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
        table.unary();
        table.binary();
        table.elementwise();
        table.sources();
        table.custom();
        return Stream.of(
                        table.cases,
                        ContractionCases.all(),
                        ReductionCases.all(),
                        ScanCases.all(),
                        MovementCases.all(),
                        SelectionCases.all())
                .flatMap(List::stream)
                .toList();
    }

    /** One row, of a function whose gradient is its slope. */
    static Case row(Object operation, Build build, NDArray... inputs) {
        return new Case(operation, List.of(inputs), build, true);
    }

    /** Every operation there is: the records, and the constants of the enums, that the sealed interface permits. */
    static Set<Object> registry() {
        Set<Object> found = new LinkedHashSet<>();
        collect(Op.class, found);
        return found;
    }

    /** What a node's operation is called in the registry. */
    static Object operation(Op op) {
        if (op instanceof Custom) {
            return Custom.class;
        }
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
        cases.add(row(operation, build, inputs));
    }

    // ------------------------------------------------------------------------------------------------- elementwise

    private void unary() {
        unary(Unary.NEGATE, Samples.ANYWHERE);
        unary(Unary.ABS, Samples.AWAY_FROM_ZERO);
        unary(Unary.SIGN, Samples.AWAY_FROM_ZERO);
        unary(Unary.SQUARE, Samples.ANYWHERE);
        unary(Unary.SQRT, Samples.POSITIVE);
        unary(Unary.RECIPROCAL, Samples.AWAY_FROM_ZERO);
        unary(Unary.EXP, Samples.ANYWHERE);
        unary(Unary.LOG, Samples.POSITIVE);
        unary(Unary.TANH, Samples.ANYWHERE);
        unary(Unary.SIGMOID, Samples.ANYWHERE);
        for (int[] shape : SHAPES) {
            cases.add(new Case(
                    Unary.STOP_GRADIENT,
                    List.of(Samples.ANYWHERE.draw(1, shape)),
                    in -> Unary.STOP_GRADIENT.on(in.getFirst()),
                    false));
        }
    }

    private void unary(Unary op, Samples samples) {
        for (int[] shape : SHAPES) {
            add(op, in -> op.on(in.getFirst()), samples.draw(shape.length, shape));
        }
    }

    private void binary() {
        binary(Binary.PLUS, Samples.ANYWHERE);
        binary(Binary.MINUS, Samples.ANYWHERE);
        binary(Binary.TIMES, Samples.ANYWHERE);
        binary(Binary.DIV, Samples.AWAY_FROM_ZERO);
        apart(Binary.MAX);
        apart(Binary.MIN);
        apart(Binary.EQUAL);
        apart(Binary.LESS);
        apart(Binary.LESS_OR_EQUAL);
    }

    private void binary(Binary op, Samples samples) {
        for (int[] shape : SHAPES) {
            add(op, in -> op.on(in.get(0), in.get(1)), samples.draw(1, shape), samples.draw(2, shape));
        }
    }

    /** Two inputs that differ by at least 0.1 in every element. */
    private void apart(Binary op) {
        for (int[] shape : SHAPES) {
            int elements = Shape.of(shape).elements();
            double[] both = Samples.DISTINCT.draw(shape.length, 2 * elements).toDoubles();
            double[] a = new double[elements];
            double[] b = new double[elements];
            for (int i = 0; i < elements; i++) {
                a[i] = both[2 * i];
                b[i] = both[2 * i + 1];
            }
            add(op, in -> op.on(in.get(0), in.get(1)), NDArray.of(Shape.of(shape), a), NDArray.of(Shape.of(shape), b));
        }
    }

    private void elementwise() {
        for (int[] shape : SHAPES) {
            NDArray a = Samples.ANYWHERE.draw(1, shape);
            NDArray b = Samples.ANYWHERE.draw(2, shape);
            NDArray c = Samples.ANYWHERE.draw(3, shape);
            NDArray mask = NDArray.build(DType.BOOL, Shape.of(shape), (block, from, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (from + i) % 2;
                }
            });
            add(Elementwise.Where.class, in -> Tensor.where(in.get(0), in.get(1), in.get(2)), mask, a, b);
            add(Elementwise.AddN.class, Tensor::sum, a, b, c);
            add(Elementwise.Cast.class, in -> in.getFirst().cast(DType.I32), Samples.BETWEEN_INTEGERS.draw(4, shape));
            add(Elementwise.Cast.class, in -> in.getFirst().cast(DType.F64).times(in.get(1)), mask, a);
        }
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

    /** y = a·b³ as one opaque operation. */
    record TimesCube() implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            double[] a = inputs.get(0).toDoubles();
            double[] b = inputs.get(1).toDoubles();
            Arrays.setAll(a, i -> a[i] * b[i] * b[i] * b[i]);
            return NDArray.of(inputs.get(0).shape(), a).cast(inputs.get(0).dtype());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor a = y.input(0);
            Tensor b = y.input(1);
            return input == 0
                    ? yBar.times(b.square().times(b))
                    : yBar.times(a.times(b.square()).times(3));
        }
    }

    private void custom() {
        for (int[] shape : SHAPES) {
            add(
                    Custom.class,
                    in -> new TimesCube().on(in.get(0), in.get(1)),
                    Samples.ANYWHERE.draw(1, shape),
                    Samples.ANYWHERE.draw(2, shape));
        }
    }
}
