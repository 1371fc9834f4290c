package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Unpick;
import java.util.ArrayList;
import java.util.List;

/** Sample inputs for selections. */
final class SelectionCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        SelectionCases table = new SelectionCases();
        table.selections();
        table.alongAxes();
        table.orders();
        return table.cases;
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

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
                Unpick.class,
                in -> new Unpick(Shape.of(4, 3)).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, 4),
                repeated);
        add(
                Selection.OneHot.class,
                in -> Tensor.oneHot(in.get(1), 3, in.get(0).dtype()).times(in.get(0)),
                Samples.ANYWHERE.draw(1, 4, 3),
                repeated);
    }

    private void alongAxes() {
        NDArray x = Samples.ANYWHERE.draw(1, 2, 3, 4);
        NDArray indices = NDArray.of(new int[][] {{0, 1, 1}, {1, 0, 1}});
        for (int axis = 0; axis < 3; axis++) {
            int along = axis;
            Shape added = x.shape().without(axis).insert(axis, 3).insert(axis, 2);
            NDArray rows = Samples.ANYWHERE.draw(2, added.lengths());
            add("gather along " + axis, in -> in.get(0).gather(along, in.get(1)), x, indices);
            add("scatterAdd along " + axis, in -> in.get(0).scatterAdd(along, in.get(2), in.get(1)), x, rows, indices);
            NDArray own = NDArray.full(1, DType.I32, x.shape().with(axis, 5));
            add("takeAlong " + axis, in -> in.get(0).takeAlong(along, in.get(1)), x, own);
        }
        NDArray two = NDArray.of(new int[][] {{2, 0}, {1, 1}});
        NDArray rows = Samples.ANYWHERE.draw(3, 2, 3);
        add(Selection.Pick.class, in -> in.get(0).takeAlong(-1, in.get(1)), rows, two);
        add(
                Unpick.class,
                in -> new Unpick(Shape.of(2, 3)).on(in.get(0), in.get(1)),
                Samples.ANYWHERE.draw(1, 2, 2),
                two);
        add("gather one", in -> in.get(0).gather(1, in.get(1)), rows, NDArray.of(2));
        add("pick none", in -> in.get(0).takeAlong(1, in.get(1)), rows, NDArray.full(0, DType.I32, Shape.of(2, 0)));
        NDArray mask = NDArray.of(new boolean[] {true, false, true});
        add("maskedFill", in -> in.get(0).maskedFill(in.get(1), -1.5), rows, mask);
        add("lowerTriangle", in -> in.get(0).lowerTriangle(1), x);
        add("upperTriangle", in -> in.get(0).upperTriangle(-1), x);
        add("lowerMask", in -> in.get(0).softmax(-1, Tensor.lowerMask(3, 4, 0)), x);
    }

    private void orders() {
        NDArray x = Samples.DISTINCT.draw(1, 3, 4);
        for (boolean descending : new boolean[] {false, true}) {
            add(Selection.ArgSort.class, in -> in.getFirst().argSort(-1, descending), x);
            add("sort", in -> in.getFirst().sort(0, descending), x);
            add("sort", in -> in.getFirst().sort(1, descending), Samples.DISTINCT.draw(2, 2, 0));
        }
        add("topK", in -> in.getFirst().topK(2, 1).values(), x);
        add("topK", in -> in.getFirst().topK(0, 0).values(), x);
        add("sort", in -> in.getFirst().sort(1), Samples.DISTINCT.draw(1, 2, 3, 2));
    }
}
