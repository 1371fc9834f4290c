package dev.clew.internal.compile.program;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Source;

/** The few numbers that are part of a program, and not handed over when it runs. */
public final class Literals {
    private Literals() {}

    /**
     * Whether an array is one of these numbers, as a scalar or repeated. An array that merely happens to hold one of them is data,
     * and so is an index.
     */
    static boolean isLiteral(NDArray array) {
        boolean isNumber = array.shape().rank() == 0
                || (array.isRepeated() && array.shape().elements() > 1);
        if (!isNumber || array.dtype() == DType.I32) {
            return false;
        }
        double number = number(array);
        return Double.doubleToRawLongBits(number) == 0 || Math.abs(number) == 1 || number == 0.5 || number == 2;
    }

    /** The number that an array repeats, as a scalar. */
    static NDArray one(NDArray array) {
        return NDArray.full(number(array), array.dtype(), Shape.SCALAR);
    }

    /** The number that an array repeats. */
    static double number(NDArray array) {
        return array.get(new int[array.shape().rank()]);
    }

    /** One number, broadcast to the array's shape. */
    static int add(Program.Builder builder, NDArray array) {
        int scalar = builder.add(node(number(array), array.dtype()));
        return array.shape().rank() == 0
                ? scalar
                : builder.add(new Movement.Broadcast(array.shape()), array.shape(), array.dtype(), scalar);
    }

    /** One number. */
    public static Node node(double number, DType type) {
        NDArray one = NDArray.full(number, type, Shape.SCALAR);
        return new Node(new Source.Constant(one), Shape.SCALAR, type);
    }

    /** Whether a node is a number of the program, repeated. */
    public static boolean is(Program.Builder builder, int position, double number) {
        Node node = builder.node(position);
        while (node.op() instanceof Movement.Broadcast || node.op() instanceof Movement.Reshape) {
            node = builder.node(node.input(0));
        }
        return node.isLiteral() && node.type() != DType.BOOL && node.literal().item() == number;
    }
}
