package dev.clew.examples.picture;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Three steps of a loop over time, node by node: h = tanh(x·wx + h·wh), and a loss of squares that is added up.
 *
 * @param steps what each step made
 * @param leaves what was there before: wx, wh, the first h and the first loss
 * @param gradients of the last loss
 */
record UnrolledLoop(List<Step> steps, Leaves leaves, Gradients gradients) {
    private static final int STEPS = 3;
    private static final int UNITS = 4;

    /** The loop as a user writes it; {@link #of} makes the same nodes one by one. */
    static final String CODE = """
            for (int t = 0; t < 3; t++) {
                h = x[t].matmul(wx).plus(h.matmul(wh)).tanh();
                loss = loss.plus(h.minus(y[t]).square().sum());
            }
            """;

    /** The nodes of one turn of the loop, in the order in which they are made. */
    record Step(
            Tensor x,
            Tensor y,
            Tensor xw,
            Tensor hw,
            Tensor sum,
            Tensor h,
            Tensor error,
            Tensor square,
            Tensor squares,
            Tensor loss) {}

    /** What the loop begins with. */
    record Leaves(Parameter wx, Parameter wh, Parameter h, Tensor loss) {}

    static UnrolledLoop of(long seed) {
        RandomKey key = RandomKey.of(seed);
        Leaves leaves = new Leaves(
                parameter(key.fold(0), 2, UNITS),
                parameter(key.fold(1), UNITS, UNITS),
                parameter(key.fold(2), 1, UNITS),
                Tensor.of(0.0));
        List<Step> steps = new ArrayList<>();
        Tensor h = leaves.h();
        Tensor loss = leaves.loss();
        for (int t = 0; t < STEPS; t++) {
            Step step = step(data(key.fold(3 + t), 2), data(key.fold(6 + t), UNITS), leaves, h, loss);
            steps.add(step);
            h = step.h();
            loss = step.loss();
        }
        return new UnrolledLoop(List.copyOf(steps), leaves, Gradients.of(loss));
    }

    private static Step step(Tensor x, Tensor y, Leaves leaves, Tensor h, Tensor loss) {
        Tensor xw = x.matmul(leaves.wx());
        Tensor hw = h.matmul(leaves.wh());
        Tensor sum = xw.plus(hw);
        Tensor next = sum.tanh();
        Tensor error = next.minus(y);
        Tensor square = error.square();
        Tensor squares = square.sum();
        return new Step(x, y, xw, hw, sum, next, error, square, squares, loss.plus(squares));
    }

    private static Parameter parameter(RandomKey key, int rows, int columns) {
        return Parameter.of(key.normal(0, 0.5, DType.F64, Shape.of(rows, columns)));
    }

    private static Tensor data(RandomKey key, int columns) {
        return Tensor.of(key.uniform(-1, 1, DType.F64, Shape.of(1, columns)));
    }

    /** What a node contributes to the gradient of one of its inputs: the length of that vector. */
    double contribution(Tensor node, int input) {
        Tensor cotangent = gradients.wrt(node);
        return length(node.op().vjp(node, input, cotangent));
    }

    /** ‖∂L/∂node‖. */
    double gradient(Tensor node) {
        return length(gradients.wrt(node));
    }

    private static double length(Tensor vector) {
        NDArray numbers = vector.value();
        double squares = 0;
        for (double each : numbers.toDoubles()) {
            squares += each * each;
        }
        return Math.sqrt(squares);
    }
}
