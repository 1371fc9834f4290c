package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.List;

/** Clusters such as a compiler finds in networks. */
public final class ClusterExamples {
    static final Formula WHERE = Formula.of(3, (precision, x) -> x[0].select(x[1], x[2]));

    private ClusterExamples() {}

    /** One formula of contiguous inputs. */
    public static Cluster one(Formula formula, DType type, DType result, int rows, int columns) {
        IntTuple operands = formula.arity() == 1 ? IntTuple.of(0) : IntTuple.of(0, 1);
        Stream stream = new Stream(type, columns, 1);
        return new Cluster(
                rows,
                columns,
                operands.stream().mapToObj(i -> stream).collect(ImmutableList.toImmutableList()),
                ImmutableList.of(new Step.Apply(formula, type, result, operands)),
                ImmutableList.of(new Output(formula.arity(), new Stream(result, columns, 1))));
    }

    static Step apply(Binary row, DType type, int a, int b) {
        return new Step.Apply(TensorAccess.get().formula(row), type, type, IntTuple.of(a, b));
    }

    static Step apply(Unary row, DType type, int a) {
        return new Step.Apply(TensorAccess.get().formula(row), type, type, IntTuple.of(a));
    }

    /** e^(x − max x) / Σ e^(x − max x). */
    public static Cluster softmax(DType type, int rows, int columns) {
        Stream stream = new Stream(type, columns, 1);
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream),
                ImmutableList.of(
                        new Step.Max(type, 0),
                        apply(Binary.MINUS, type, 0, 1),
                        apply(Unary.EXP, type, 2),
                        new Step.Sum(type, 3),
                        apply(Binary.DIV, type, 3, 4)),
                ImmutableList.of(new Output(5, stream)));
    }

    /** (x − mean)·gain/√(variance + ε) + bias, and the mean and 1/√(variance + ε) of every row. */
    public static Cluster layerNorm(DType type, int rows, int columns) {
        Stream stream = new Stream(type, columns, 1);
        Stream shared = new Stream(type, 0, 1);
        Stream perRow = new Stream(type, 1, 0);
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream, shared, shared),
                ImmutableList.of(
                        new Step.Constant(type, 1.0 / columns),
                        new Step.Constant(type, 1e-5),
                        new Step.Sum(type, 0),
                        apply(Binary.TIMES, type, 5, 3),
                        apply(Binary.MINUS, type, 0, 6),
                        apply(Unary.SQUARE, type, 7),
                        new Step.Sum(type, 8),
                        apply(Binary.TIMES, type, 9, 3),
                        apply(Binary.PLUS, type, 10, 4),
                        apply(Unary.RSQRT, type, 11),
                        apply(Binary.TIMES, type, 7, 12),
                        apply(Binary.TIMES, type, 13, 1),
                        apply(Binary.PLUS, type, 14, 2)),
                ImmutableList.of(new Output(15, stream), new Output(6, perRow), new Output(12, perRow)));
    }

    /** i, f, o = σ(z + b), g = tanh(z + b), c' = f·c + i·g, h' = o·tanh c', with the gates as slices of rows of 4·units. */
    public static Cluster lstm(DType type, int rows, int units) {
        Stream gate = new Stream(type, 4 * units, 1);
        Stream bias = new Stream(type, 0, 1);
        Stream state = new Stream(type, units, 1);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            steps.add(apply(Binary.PLUS, type, i, 4 + i));
        }
        steps.add(apply(Unary.SIGMOID, type, 9));
        steps.add(apply(Unary.SIGMOID, type, 10));
        steps.add(apply(Unary.TANH, type, 11));
        steps.add(apply(Unary.SIGMOID, type, 12));
        steps.add(apply(Binary.TIMES, type, 14, 8));
        steps.add(apply(Binary.TIMES, type, 13, 15));
        steps.add(apply(Binary.PLUS, type, 17, 18));
        steps.add(apply(Unary.TANH, type, 19));
        steps.add(apply(Binary.TIMES, type, 16, 20));
        return new Cluster(
                rows,
                units,
                ImmutableList.of(gate, gate, gate, gate, bias, bias, bias, bias, state),
                ImmutableList.copyOf(steps),
                ImmutableList.of(
                        new Output(13, state),
                        new Output(14, state),
                        new Output(15, state),
                        new Output(16, state),
                        new Output(19, state),
                        new Output(20, state),
                        new Output(21, state)));
    }

    /** i, f = σ(z + b), and f·c, with the gates as slices of rows of 4·units: of sigmoids, as many as a loop gets. */
    public static Cluster gates(DType type, int rows, int units) {
        Stream gate = new Stream(type, 4 * units, 1);
        Stream bias = new Stream(type, 0, 1);
        Stream state = new Stream(type, units, 1);
        return new Cluster(
                rows,
                units,
                ImmutableList.of(gate, gate, bias, bias, state),
                ImmutableList.of(
                        apply(Binary.PLUS, type, 0, 2),
                        apply(Unary.SIGMOID, type, 5),
                        apply(Binary.PLUS, type, 1, 3),
                        apply(Unary.SIGMOID, type, 7),
                        apply(Binary.TIMES, type, 8, 4)),
                ImmutableList.of(new Output(6, state), new Output(8, state), new Output(9, state)));
    }

    /** Sums and maxima of one row, each of which goes out and back in: of a vector, of its square, of its exponential and so on. */
    public static Cluster statistics(DType type, int rows, int columns) {
        ImmutableList<Step> steps = ImmutableList.of(
                apply(Unary.SQUARE, type, 0),
                apply(Unary.ABS, type, 0),
                new Step.Sum(type, 0),
                new Step.Max(type, 0),
                new Step.Sum(type, 1),
                new Step.Sum(type, 2),
                new Step.Max(type, 2),
                apply(Binary.PLUS, type, 3, 4),
                apply(Binary.PLUS, type, 5, 6),
                apply(Binary.PLUS, type, 7, 8),
                apply(Binary.PLUS, type, 9, 10),
                apply(Binary.TIMES, type, 11, 0));
        Stream perRow = new Stream(type, 1, 0);
        ImmutableList.Builder<Output> outputs = ImmutableList.builder();
        for (int value = 3; value <= 11; value++) {
            outputs.add(new Output(value, perRow));
        }
        Stream stream = new Stream(type, columns, 1);
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream),
                steps,
                outputs.add(new Output(12, stream)).build());
    }

    /** Steps of all kinds that the other examples have not, with truth values, integers and a row maximum. */
    public static Cluster medley(DType type, int rows, int columns) {
        Stream stream = new Stream(type, columns, 1);
        IntTuple both = IntTuple.of(0, 1);
        ImmutableList<Step> steps = ImmutableList.of(
                apply(Binary.MAXIMUM, type, 0, 1),
                apply(Binary.MINIMUM, type, 0, 1),
                new Step.Apply(TensorAccess.get().formula(Binary.LESS), type, DType.BOOL, both),
                new Step.Apply(WHERE, type, type, IntTuple.of(5, 3, 4)),
                apply(Unary.LOG, type, 6),
                apply(Unary.FLOOR, type, 0),
                new Step.Cast(DType.I32, 8),
                new Step.Cast(type, 9),
                apply(Unary.RELU, type, 7),
                new Step.Add(type, IntTuple.of(10, 11, 1)),
                new Step.Max(type, 12),
                new Step.Apply(TensorAccess.get().formula(Binary.EQUAL), type, DType.BOOL, IntTuple.of(12, 13)),
                new Step.Apply(TensorAccess.get().formula(Binary.OR), DType.BOOL, DType.BOOL, IntTuple.of(2, 14)),
                new Step.Cast(type, 15),
                apply(Unary.ERF, type, 12),
                apply(Binary.PLUS, type, 16, 17));
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream, stream, new Stream(DType.BOOL, columns, 1)),
                steps,
                ImmutableList.of(
                        new Output(18, stream),
                        new Output(15, new Stream(DType.BOOL, columns, 1)),
                        new Output(9, new Stream(DType.I32, columns, 1)),
                        new Output(7, stream)));
    }
}
