package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;

/** Sample inputs for reductions. */
final class ReductionCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        ReductionCases table = new ReductionCases();
        table.reductions();
        table.composed();
        table.products();
        table.masked();
        return table.cases;
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

    private void reductions() {
        int[][] axes = {{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {0, 1, 2}};
        for (int[] some : axes) {
            IntTuple reduced = IntTuple.of(some);
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
            add(
                    Reduction.ArgMax.class,
                    in -> new Reduction.ArgMax(reduced).on(in.getFirst()),
                    Samples.DISTINCT.draw(1, 2, 3, 4));
        }
        add(Reduction.Sum.class, in -> in.getFirst().sum(), Samples.ANYWHERE.draw(1));
        add(Reduction.Sum.class, in -> in.getFirst().sum(), Samples.ANYWHERE.draw(1, 1));
        add(Reduction.Max.class, in -> in.getFirst().max(), Samples.ANYWHERE.draw(1));
        add(Reduction.Max.class, in -> in.getFirst().max(1), Samples.DISTINCT.draw(1, 0, 3));
    }

    private void composed() {
        NDArray anywhere = Samples.ANYWHERE.draw(3, 2, 3, 2);
        NDArray distinct = Samples.DISTINCT.draw(4, 2, 3, 2);
        NDArray apart = Samples.AWAY_FROM_ZERO.draw(5, 2, 3, 2);
        for (int[] axes : new int[][] {{}, {1}, {-1, 0}, {-2, 2}}) {
            for (boolean keep : new boolean[] {false, true}) {
                add("mean", in -> in.getFirst().mean(keep, axes), anywhere);
                add("min", in -> in.getFirst().min(keep, axes), distinct);
                add("argMin", in -> in.getFirst().argMin(keep, axes), distinct);
                add("variance", in -> in.getFirst().variance(1, keep, axes), anywhere);
                add("standardDeviation", in -> in.getFirst().standardDeviation(0, keep, axes), distinct);
                add("norm 1", in -> in.getFirst().norm(1, keep, axes), apart);
                add("norm 2", in -> in.getFirst().norm(2, keep, axes), apart);
                add("norm 3.5", in -> in.getFirst().norm(3.5, keep, axes), apart);
                add("norm ∞", in -> in.getFirst().norm(Double.POSITIVE_INFINITY, keep, axes), distinct);
                add("logSumExp", in -> in.getFirst().logSumExp(keep, axes), anywhere);
                add("any", in -> in.getFirst().greaterThan(0).any(keep, axes), apart);
                add("all", in -> in.getFirst().greaterThan(0).all(keep, axes), apart);
            }
        }
        add("softmax", in -> in.getFirst().softmax(1), anywhere);
        add("logSoftmax", in -> in.getFirst().logSoftmax(-1), anywhere);
        add("softmax", in -> in.getFirst().softmax(1), Samples.ANYWHERE.draw(1, 2, 0));
    }

    private void products() {
        NDArray zeros = NDArray.of(new double[][] {{0, 2, 0, 1, 3}, {1, -1, 0, 2, 0.5}, {0, 0, 0, 0, 0}});
        for (NDArray x : List.of(zeros, Samples.ANYWHERE.draw(1, 3, 4), Samples.ANYWHERE.draw(1, 0, 3))) {
            for (int[] axes : new int[][] {{}, {0}, {1}, {0, 1}}) {
                add("prod", in -> in.getFirst().prod(true, axes), x);
            }
        }
        add("prod", in -> in.getFirst().prod(false, 0, 2), Samples.ANYWHERE.draw(1, 2, 2, 3));
        add("prod", in -> in.getFirst().prod(), Samples.ANYWHERE.draw(1));
    }

    private void masked() {
        NDArray mask = NDArray.of(new boolean[] {true, false, true, false, false, false, false, true, true})
                .reshape(Shape.of(3, 3));
        NDArray x = Samples.ANYWHERE.draw(1, 2, 3, 3);
        for (int axis : new int[] {1, 2}) {
            add("masked softmax", in -> in.get(0).softmax(axis, in.get(1)), x, mask);
            add(
                    "masked logSumExp",
                    in -> in.get(0).logSumExp(axis, in.get(1)).maskedFill(nothing(in, axis), 0),
                    x,
                    mask);
            add(
                    "masked logSoftmax",
                    in -> Tensor.where(
                            in.get(1),
                            in.get(0).logSoftmax(axis, in.get(1)),
                            in.get(0).literal(0)),
                    x,
                    mask);
        }
    }

    private static Tensor nothing(List<Tensor> in, int axis) {
        return in.get(1).cast(DType.F64).sum(axis - 1).equalTo(0);
    }
}
