package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Naming;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Which steps of a padded batch count, and the errors where lengths do not fit. */
final class Padding {
    private Padding() {}

    /**
     * Lengths (batch) i32 from 0 to the most there can be. Known ones are looked at now, others when they are evaluated.
     *
     * @param what they are called: input lengths
     */
    static Tensor lengths(String name, String what, Tensor lengths, int batch, int most) {
        if (lengths.dtype() != DType.I32 || !lengths.shape().equals(Shape.of(batch))) {
            throw new IllegalArgumentException(name + ": " + what + " " + LossInputs.typed(lengths)
                    + ": there is one for every sequence, (" + batch + ") i32");
        }
        if (lengths.op() instanceof Source.Constant constant) {
            int[] numbers = constant.array().toInts();
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] < 0 || numbers[i] > most) {
                    throw new IllegalArgumentException(name + ": " + what + ": " + numbers[i] + " of sequence " + i
                            + " must be from 0 to " + most + ", the steps that there are");
                }
            }
            return lengths;
        }
        Tensor all = Tensor.of(IntStream.rangeClosed(0, most).toArray());
        return new Selection.Gather(new Naming.Plain(name + ": " + what, "lengths")).on(all, lengths);
    }

    /** True at the steps before each length. Shapes: lengths (batch) → (batch, time). */
    static Tensor mask(Tensor lengths, int time) {
        Tensor steps = Tensor.of(IntStream.range(0, time).toArray());
        return steps.lessThan(lengths.expandDims(1));
    }

    /** The same x, and a number where the mask does not hold. Shapes: x (batch, time, ...), mask (batch, time). */
    static Tensor fill(Tensor x, Tensor mask, double value) {
        int[] lengths = new int[x.shape().rank()];
        Arrays.fill(lengths, 1);
        lengths[0] = mask.shape().length(0);
        lengths[1] = mask.shape().length(1);
        return x.maskedFill(mask.reshape(lengths).not(), value);
    }

    /**
     * What every step counts, of the type of the losses.
     *
     * @param counted lengths (batch) i32, a mask (batch, time) bool, or weights (batch, time) of that type
     */
    static Tensor weights(String name, Tensor counted, Shape steps, DType type) {
        int batch = steps.length(0);
        int time = steps.length(1);
        if (counted.dtype() == DType.I32) {
            return mask(lengths(name, "lengths", counted, batch, time), time).cast(type);
        }
        boolean fits = counted.shape().equals(Shape.of(batch, time))
                && (counted.dtype() == DType.BOOL || counted.dtype() == type);
        if (!fits) {
            throw new IllegalArgumentException(name + ": " + LossInputs.typed(counted) + " says what counts of ("
                    + batch
                    + ", " + time + ") steps: it is lengths, (" + batch + ") i32, a mask, (" + batch + ", " + time
                    + ") bool, or weights, (" + batch + ", " + time + ") " + type);
        }
        return counted.dtype() == DType.BOOL ? counted.cast(type) : counted;
    }

    /** What is (batch, time, ...). */
    static void requireSteps(String name, String what, Tensor x) {
        if (x.shape().rank() < 2) {
            throw new IllegalArgumentException(
                    name + ": " + what + " " + LossInputs.typed(x) + " must be (batch, time, ...)");
        }
    }

    /** Numbers for the walk over time. Shapes: (batch, ...). */
    static Tensor full(double number, DType type, int... shape) {
        return Tensor.of(NDArray.full(number, type, Shape.of(shape)));
    }
}
