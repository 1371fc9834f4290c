package dev.clew.examples.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How arrays of steps lie in the files, and brings them to (steps, features, batch), or (steps, batch, features) where
 * vectors are rows. Without a batch there is one sequence.
 *
 * @param side whether sequences become columns or rows
 * @param steps how many there are
 * @param batch how many sequences, if inputs have an axis for them
 */
record Arrangement(Axes axes, Orientation side, int steps, OptionalInt batch) {
    /** The lengths of inputs, which are symbols or rows of numbers. */
    static Arrangement of(Axes axes, Orientation side, NDArray x, boolean areSymbols, int inputs) {
        Shape shape = x.shape();
        int full = shape.rank() + (areSymbols || (shape.rank() == 1 && inputs == 1) ? 1 : 0);
        boolean areColumns = full == 3 && !areSymbols && isColumns(shape, inputs);
        if (full < 2 || full > 3) {
            throw new IllegalArgumentException(
                    "the inputs are " + shape
                            + ": they are numbers (steps, inputs) or (steps, batch, inputs), or integers (steps) or (steps, batch)");
        }
        String letters = full == 2 || areColumns ? "tf" : "tbf";
        Shape ordered = areColumns
                ? Shape.of(shape.length(0), shape.length(1))
                : axes.ordered(x, areSymbols ? letters.replace("f", "") : letters)
                        .shape();
        return new Arrangement(
                axes,
                side,
                ordered.length(0),
                letters.contains("b") ? OptionalInt.of(ordered.length(1)) : OptionalInt.empty());
    }

    /** Whether every step is a column (features, 1), as in much NumPy code. */
    private static boolean isColumns(Shape shape, int features) {
        return shape.length(2) == 1 && shape.length(1) == features && features > 1;
    }

    /** Whether a shape has one axis, or others of length 1 only. */
    static boolean isVector(Shape shape) {
        return shape.rank() >= 1
                && Arrays.stream(shape.lengths()).filter(length -> length != 1).count() <= 1;
    }

    /** So many numbers for every step. Shape: (steps, width, batch) or (steps, batch, width). */
    NDArray perStep(String name, NDArray array, int width) {
        NDArray rows = arranged(name, array, batch.isPresent() ? "tbf" : "tf", width)
                .reshape(Shape.of(steps, sequences(), width));
        return side == Orientation.COLUMN ? rows.permute(0, 2, 1) : rows;
    }

    /** So many numbers for every sequence. Shape: (width, batch) or (batch, width). */
    NDArray perSequence(String name, NDArray array, int width) {
        NDArray rows =
                arranged(name, array, batch.isPresent() ? "bf" : "f", width).reshape(Shape.of(sequences(), width));
        return side == Orientation.COLUMN ? rows.permute(1, 0) : rows;
    }

    /** A number for every step. Shape: (steps, batch). */
    NDArray numbers(String name, NDArray array) {
        return perStep(name, array.cast(DType.F64), 1).reshape(Shape.of(steps, sequences()));
    }

    int sequences() {
        return batch.orElse(1);
    }

    /** 1 at so many steps of every sequence, and 0 after them. Shapes: lengths (batch) → (steps, batch). */
    NDArray mask(String name, NDArray lengths) {
        int sequences = sequences();
        double[] counts = lengths.toDoubles();
        if (counts.length != sequences
                || Arrays.stream(counts).anyMatch(count -> count < 1 || count > steps || count != Math.rint(count))) {
            throw new IllegalArgumentException(
                    name + " is " + lengths + ": it must be " + sequences + (sequences == 1 ? " number" : " numbers")
                            + " from 1 to " + steps + ", the steps of every sequence");
        }
        double[] mask = new double[steps * sequences];
        Arrays.setAll(mask, i -> {
            int step = i / sequences;
            return step < counts[i % sequences] ? 1 : 0;
        });
        return NDArray.of(Shape.of(steps, sequences), mask);
    }

    /** The parts of every step. */
    List<NDArray> split(NDArray perStep) {
        Shape one = perStep.shape().without(0);
        List<NDArray> parts = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            parts.add(perStep.rows(t, t + 1).reshape(one));
        }
        return parts;
    }

    private NDArray arranged(String name, NDArray array, String letters, int width) {
        Shape wanted = wanted(letters, width);
        int rank = array.shape().rank();
        boolean isInteger = array.dtype() == DType.I32;
        if (rank == letters.length()) {
            NDArray ordered = axes.ordered(array, letters);
            if (ordered.shape().equals(wanted)) {
                return floating(ordered);
            }
        }
        if (rank == letters.length() + 1 && isWithColumns(array.shape(), wanted)) {
            return floating(array).reshape(wanted);
        }
        if (rank == letters.length() - 1 && (isInteger || width == 1)) {
            NDArray ordered = axes.ordered(array, letters.replace("f", ""));
            if (ordered.shape().equals(wanted.without(-1))) {
                return width == 1 ? floating(ordered).reshape(wanted) : oneHot(name, ordered, width);
            }
        }
        if (wanted.rank() == 1 && array.shape().elements() == 1 && isInteger) {
            return oneHot(name, array.reshape(Shape.SCALAR), width);
        }
        throw new IllegalArgumentException(
                name + " is " + array.dtype() + " " + array.shape() + ": with --axes=" + axes.order() + " and " + this
                        + " it must be " + inFile(letters, width) + fix(array, wanted, letters));
    }

    private boolean isWithColumns(Shape shape, Shape wanted) {
        return batch.isEmpty() && shape.equals(wanted.insert(wanted.rank(), 1));
    }

    private Shape wanted(String letters, int width) {
        return Shape.of(lengths("tbf", letters, width));
    }

    private Shape inFile(String letters, int width) {
        return Shape.of(lengths(axes.order(), letters, width));
    }

    private int inFileAxis(String letters) {
        return axes.order().replaceAll("[^" + letters + "]", "").indexOf('t');
    }

    private int[] lengths(String order, String letters, int width) {
        return order.chars()
                .filter(letter -> letters.indexOf(letter) >= 0)
                .map(letter -> letter == 't' ? steps : letter == 'b' ? sequences() : width)
                .toArray();
    }

    private String fix(NDArray array, Shape wanted, String letters) {
        Shape shape = array.shape();
        int time = letters.indexOf('t') < 0 ? -1 : inFileAxis(letters);
        if (time >= 0 && shape.rank() == wanted.rank() && shape.length(time) == steps + 1) {
            return "; it has a row more than there are steps: leave out that of the initial state";
        }
        int[] given = IntStream.of(shape.lengths()).sorted().toArray();
        int[] needed = IntStream.of(wanted.lengths()).sorted().toArray();
        return Arrays.equals(given, needed) ? "; are the axes in another order? --axes says in which" : "";
    }

    private static NDArray floating(NDArray array) {
        return array.dtype().isFloating() ? array : array.cast(DType.F64);
    }

    private static NDArray oneHot(String name, NDArray symbols, int width) {
        int[] chosen = symbols.toInts();
        double[] rows = new double[chosen.length * width];
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] < 0 || chosen[i] >= width) {
                throw new IllegalArgumentException(
                        name + " has " + chosen[i] + ": symbols and classes are counted from 0 to " + (width - 1));
            }
            rows[i * width + chosen[i]] = 1;
        }
        return NDArray.of(symbols.shape().insert(symbols.shape().rank(), width), rows);
    }

    @Override
    public String toString() {
        return steps + " steps" + (batch.isPresent() ? " of " + batch.getAsInt() + " sequences" : " without a batch");
    }
}
