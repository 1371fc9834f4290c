package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;

/** Sample inputs for selections. */
final class SelectionCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        SelectionCases table = new SelectionCases();
        table.selections();
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
}
