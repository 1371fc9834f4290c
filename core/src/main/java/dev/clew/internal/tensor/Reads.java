package dev.clew.internal.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;

/** Which elements of its inputs an element of a node is computed from. Elements are counted row-major. */
public final class Reads {
    private final Tensor node;
    private final List<Shape> shapes;
    private final int[] index;
    private final Numbers numbers;
    private final Visitor visitor;

    private Reads(Tensor node, int element, Numbers numbers, Visitor visitor) {
        this.node = node;
        this.shapes = node.inputs().stream().map(Tensor::shape).toList();
        this.index = index(node.shape(), element);
        this.numbers = numbers;
        this.visitor = visitor;
    }

    /** Takes what is read. */
    @FunctionalInterface
    public interface Visitor {
        void read(int input, int element);
    }

    /** The numbers of conditions and indices, which decide what is read. */
    @FunctionalInterface
    public interface Numbers {
        NDArray of(Tensor node);
    }

    public static void each(Tensor node, int element, Numbers numbers, Visitor visitor) {
        Reads reads = new Reads(node, element, numbers, visitor);
        switch (node.op()) {
            case Source _ -> {}
            case Elementwise.Where _ -> visitor.read(at(numbers.of(node.input(0)), element) != 0 ? 1 : 2, element);
            case Binary binary when binary == Binary.WITH_DERIVATIVE_OF -> visitor.read(0, element);
            case Elementwise _ -> {
                for (int input = 0; input < node.inputCount(); input++) {
                    visitor.read(input, element);
                }
            }
            case Contraction.MatMul product -> reads.product(product);
            case Reduction reduction -> reads.along(0, reduction.axes().toArray());
            case Scan.LinearRecurrence recurrence -> {
                reads.along(0, recurrence.axis());
                reads.along(1, recurrence.axis());
            }
            case SteppedRecurrence _ -> reads.loop();
            case Movement movement -> reads.moved(movement, element);
            case Selection selection -> reads.chosen(selection, element);
            case Custom _ -> {
                for (int input = 0; input < node.inputCount(); input++) {
                    reads.all(input);
                }
            }
        }
    }

    /** An index along every axis, of an element counted row-major. */
    static int[] index(Shape shape, int element) {
        int[] index = new int[shape.rank()];
        int rest = element;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.length(axis);
            rest /= shape.length(axis);
        }
        return index;
    }

    static double at(NDArray array, int element) {
        double[] one = new double[1];
        array.load(one, element, 1);
        return one[0];
    }

    private static int element(Shape shape, int[] index) {
        int element = 0;
        for (int axis = 0; axis < index.length; axis++) {
            element = element * shape.length(axis) + index[axis];
        }
        return element;
    }

    private void all(int input) {
        for (int element = 0; element < shapes.get(input).elements(); element++) {
            visitor.read(input, element);
        }
    }

    private void loop() {
        all(1);
        for (int input = 0; input < shapes.size(); input++) {
            if (input != 1) {
                along(input, 0);
            }
        }
    }

    /** All elements of an input whose index agrees with that of the result, except along some axes. */
    private void along(int input, int... axes) {
        Shape shape = shapes.get(input);
        int[] at = index.clone();
        Shape line = Shape.of(Ints.asList(axes).stream().mapToInt(shape::length).toArray());
        for (int i = 0; i < line.elements(); i++) {
            int[] along = index(line, i);
            for (int axis = 0; axis < axes.length; axis++) {
                at[axes[axis]] = along[axis];
            }
            visitor.read(input, element(shape, at));
        }
    }

    private void product(Contraction.MatMul product) {
        int rank = index.length;
        int length = shapes.get(0).length(product.transposeA() ? -2 : -1);
        for (int input = 0; input < 2; input++) {
            boolean isRow = input == 0 ? !product.transposeA() : product.transposeB();
            int[] at = index.clone();
            int own = index[input == 0 ? rank - 2 : rank - 1];
            for (int k = 0; k < length; k++) {
                at[rank - 2] = isRow ? own : k;
                at[rank - 1] = isRow ? k : own;
                visitor.read(input, element(shapes.get(input), at));
            }
        }
    }

    private void moved(Movement movement, int element) {
        switch (movement) {
            case Movement.Reshape _ -> visitor.read(0, element);
            case Movement.Broadcast _ -> visitor.read(0, element(shapes.get(0), repeated(shapes.get(0))));
            case Movement.Transpose transpose -> visitor.read(0, element(shapes.get(0), transposed(transpose)));
            case Movement.Slice slice -> visitor.read(0, element(shapes.get(0), within(Window.of(slice))));
            case Place place -> {
                for (int input = 0; input < shapes.size(); input++) {
                    under(input, place.windows().get(input));
                }
            }
            case Movement.Concat concat -> {
                for (int input = 0; input < shapes.size(); input++) {
                    under(input, Window.ofPart(concat, concat.starts().get(input), shapes.get(input)));
                }
            }
        }
    }

    private int[] repeated(Shape from) {
        int[] at = new int[from.rank()];
        for (int axis = 0; axis < at.length; axis++) {
            at[axis] = from.length(axis) == 1 ? 0 : index[index.length - at.length + axis];
        }
        return at;
    }

    private int[] transposed(Movement.Transpose transpose) {
        int[] at = new int[index.length];
        for (int axis = 0; axis < at.length; axis++) {
            at[transpose.order().get(axis)] = index[axis];
        }
        return at;
    }

    private int[] within(Window window) {
        int[] at = new int[index.length];
        for (int axis = 0; axis < at.length; axis++) {
            at[axis] = window.start().get(axis) + index[axis] * window.step().get(axis);
        }
        return at;
    }

    /** The element of an input that a window puts where the result is, if there is one. */
    private void under(int input, Window window) {
        int[] at = new int[index.length];
        for (int axis = 0; axis < at.length; axis++) {
            int step = window.step().get(axis);
            int distance = index[axis] - window.start().get(axis);
            at[axis] = distance / step;
            if (distance % step != 0
                    || at[axis] < 0
                    || at[axis] >= window.size().length(axis)) {
                return;
            }
        }
        visitor.read(input, element(window.size(), at));
    }

    private void chosen(Selection selection, int element) {
        switch (selection) {
            case Selection.Gather _ -> gathered(element);
            case Selection.Pick _ -> picked(element);
            case Selection.ScatterAdd scatter -> scattered(scatter, element);
            case Unpick unpick -> unpicked(unpick, element);
            case Selection.ArgSort _ -> along(0, index.length - 1);
            case Selection.OneHot _ -> {}
        }
    }

    private void gathered(int element) {
        int width = shapes.get(0).without(0).elements();
        int row = (int) at(numbers.of(node.input(1)), element / width);
        visitor.read(0, row * width + element % width);
    }

    private void picked(int element) {
        int each = Indices.each(shapes.get(1), shapes.get(0));
        int column = (int) at(numbers.of(node.input(1)), element);
        visitor.read(0, element / each * shapes.get(0).length(-1) + column);
    }

    private void scattered(Selection.ScatterAdd scatter, int element) {
        int width = scatter.to().without(0).elements();
        int[] rows = numbers.of(node.input(1)).toInts();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == element / width) {
                visitor.read(0, i * width + element % width);
            }
        }
    }

    private void unpicked(Unpick unpick, int element) {
        int classes = unpick.to().length(-1);
        int each = Indices.each(shapes.get(1), unpick.to());
        int[] columns = numbers.of(node.input(1)).toInts();
        for (int i = 0; i < columns.length; i++) {
            if (i / each == element / classes && columns[i] == element % classes) {
                visitor.read(0, i);
            }
        }
    }
}
