package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.tensor.SteppedRecurrence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sample inputs for scans. */
final class ScanCases {
    private final List<OperationCases.Case> cases = new ArrayList<>();

    static List<OperationCases.Case> all() {
        ScanCases table = new ScanCases();
        table.recurrences();
        table.sums();
        return table.cases;
    }

    private void add(Object operation, OperationCases.Build build, NDArray... inputs) {
        cases.add(OperationCases.row(operation, build, inputs));
    }

    private void recurrences() {
        for (boolean reversed : new boolean[] {false, true}) {
            for (int[] shape : new int[][] {{4}, {1}, {0}, {2, 3}, {2, 0, 3}, {3, 1, 2}}) {
                for (int axis = 0; axis < shape.length; axis++) {
                    Scan.LinearRecurrence scan = new Scan.LinearRecurrence(axis, reversed);
                    add(
                            Scan.LinearRecurrence.class,
                            in -> scan.on(in.get(0), in.get(1)),
                            Samples.ANYWHERE.draw(1, shape),
                            Samples.ANYWHERE.draw(2, shape));
                }
            }
        }
        for (int[] shape : new int[][] {{4}, {1}, {0}, {2, 3}, {2, 0, 3}, {3, 1, 2}}) {
            for (int at = 0; at < 3; at++) {
                stepped(new SteppedRecurrence(false, at), shape);
                stepped(new SteppedRecurrence(true, at), shape);
            }
        }
        add(
                "discounted sum",
                in -> in.get(0).linearRecurrence(-1, in.get(1)),
                Samples.ANYWHERE.draw(1, 2, 4),
                Samples.ANYWHERE.draw(2));
        for (int[] factors : new int[][] {{}, {4}, {2, 1}, {2, 4}}) {
            add(
                    "linearRecurrence from a start",
                    in -> in.get(0).linearRecurrence(1, in.get(1), in.get(2)),
                    Samples.ANYWHERE.draw(1, 2, 4),
                    Samples.ANYWHERE.draw(2, factors),
                    Samples.ANYWHERE.draw(3, 2));
            add(
                    "linearRecurrenceBackwards",
                    in -> in.get(0).linearRecurrenceBackwards(1, in.get(1)),
                    Samples.ANYWHERE.draw(1, 2, 4),
                    Samples.ANYWHERE.draw(2, factors));
            Tensor resets = Tensor.of(NDArray.of(new boolean[] {false, false, true, false}));
            add(
                    "linearRecurrenceWithResets",
                    in -> in.get(0).linearRecurrenceWithResets(1, in.get(1), resets),
                    Samples.ANYWHERE.draw(1, 2, 4),
                    Samples.ANYWHERE.draw(2, factors));
        }
    }

    private void stepped(SteppedRecurrence scan, int... shape) {
        add(
                SteppedRecurrence.class,
                in -> scan.on(in.get(0), in.get(1), in.get(2), in.get(3)),
                Samples.ANYWHERE.draw(1, shape),
                Samples.ANYWHERE.draw(2, Arrays.copyOfRange(shape, 1, shape.length)),
                Samples.ANYWHERE.draw(3, shape),
                Samples.ANYWHERE.draw(4, shape));
    }

    private void sums() {
        NDArray someZeros = NDArray.of(new double[][] {{0, 1.5, 0}, {-2, 0, 0.5}, {1, 0, -1}});
        for (NDArray x : List.of(Samples.ANYWHERE.draw(1, 2, 5), Samples.ANYWHERE.draw(1, 0, 3), someZeros)) {
            for (int axis = 0; axis < 2; axis++) {
                int along = axis;
                add("cumulativeSum", in -> in.getFirst().cumulativeSum(along), x);
                add("cumulativeProduct", in -> in.getFirst().cumulativeProduct(along), x);
                add("logCumulativeSumExp", in -> in.getFirst().logCumulativeSumExp(along), x);
                if (!x.equals(someZeros)) { // Of equal ones differences cannot tell.
                    add("cumulativeMax", in -> in.getFirst().cumulativeMax(along), x);
                    add("cumulativeMin", in -> in.getFirst().cumulativeMin(along), x);
                }
            }
        }
    }
}
