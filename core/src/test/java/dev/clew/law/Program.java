package dev.clew.law;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A random graph: steps, each an operation on two of the tensors so far. All have shape (3, 3) and numbers of moderate size. A
 * list of small integers, so that a failure shrinks to the shortest program with it.
 */
record Program(List<Step> steps, boolean elementwise) {
    static final int OPERATIONS = 17;
    static final int ELEMENTWISE = 10;

    /** An operation, by number, and two tensors, counted backward from the newest. */
    record Step(int operation, int left, int right) {}

    Tensor of(Tensor... inputs) {
        List<Tensor> made = new ArrayList<>(List.of(inputs));
        for (Step step : steps) {
            Tensor a = made.get(made.size() - 1 - step.left() % made.size());
            Tensor b = made.get(made.size() - 1 - step.right() % made.size());
            int operation = step.operation() % (elementwise ? ELEMENTWISE : OPERATIONS);
            made.add(operation < ELEMENTWISE ? elementwise(operation, a, b) : structured(operation, a, b));
        }
        return made.getLast();
    }

    private static Tensor elementwise(int operation, Tensor a, Tensor b) {
        return switch (operation) {
            case 0 -> a.tanh();
            case 1 -> a.plus(b).times(0.5);
            case 2 -> a.times(b).tanh();
            case 3 -> a.minus(b).sigmoid();
            case 4 -> a.square().plus(1).sqrt().minus(b);
            case 5 -> a.div(b.square().plus(1));
            case 6 -> a.tanh().exp().times(b).tanh();
            case 7 -> a.square().plus(0.5).log();
            case 8 -> Tensor.sum(List.of(a, b, a)).tanh();
            default -> Tensor.where(a.lessThan(b), a.times(0.5), b.square().tanh());
        };
    }

    private static Tensor structured(int operation, Tensor a, Tensor b) {
        return switch (operation) {
            case 10 -> a.matmul(b).tanh();
            case 11 -> a.transpose().plus(b).times(0.5);
            case 12 -> a.sum(true, 0).times(0.3).plus(b).tanh();
            case 13 -> a.softmax(1).times(b);
            case 14 -> Tensor.concat(0, List.of(a.slice(0, 1, 3), b.slice(0, 0, 1)));
            case 15 -> a.gather(2, 0, 2).minus(b.get(1)).tanh();
            default ->
                Tensor.stack(1, List.of(a.max(1), a.get(1, 0), b.logSumExp(1))).tanh();
        };
    }
}
