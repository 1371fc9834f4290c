package dev.clew.audit;

import dev.clew.array.NDArray;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.util.Arrays;

/** A line through the numbers of an input: along one element, or along a direction of all of them. */
final class Line {
    private static final double SMALLEST = 0x1p-60;
    private static final double DESERT = 0x1p-40;
    private static final int MOST_STRIDES = 20;

    private final NDArray origin;
    private final double[] direction;
    private final double scale;
    private final double least;

    private Line(NDArray origin, double[] direction, double scale, double least) {
        this.origin = origin;
        this.direction = direction;
        this.scale = scale;
        this.least = least;
    }

    static Line along(NDArray origin, int element) {
        double[] direction = new double[origin.shape().elements()];
        direction[element] = 1;
        double[] numbers = origin.toDoubles();
        double at = Math.abs(numbers[element]);
        double unit = origin.dtype().bytes() == 4 ? Math.ulp((float) at) : Math.ulp(at);
        return new Line(origin, direction, powerOfTwo(Math.max(at, middle(numbers))), Math.max(4 * unit, 0x1p-1000));
    }

    /** Along signs, times the size of each element. */
    static Line along(NDArray origin, double[] signs) {
        double[] numbers = origin.toDoubles();
        double middle = middle(numbers);
        double[] direction = new double[numbers.length];
        Arrays.setAll(direction, i -> signs[i] * powerOfTwo(Math.max(Math.abs(numbers[i]), middle)));
        return new Line(origin, direction, 1, 0x1p-40);
    }

    /** How far each number moves, the one that moves most by 1. */
    NDArray direction() {
        double size = size();
        return NDArray.of(
                        origin.shape(),
                        Arrays.stream(direction).map(each -> each / size).toArray())
                .cast(origin.dtype());
    }

    /** How far the number that moves most moves in a step of 1. */
    double size() {
        return Arrays.stream(direction).map(Math::abs).max().orElse(1);
    }

    /** The slope along the line, of a gradient. */
    double along(double[] gradient) {
        double slope = 0;
        for (int i = 0; i < gradient.length; i++) {
            slope += direction[i] == 0 ? 0 : direction[i] * gradient[i];
        }
        return slope;
    }

    /** Steps of the size of the numbers, each half of the one before. */
    double[] steps() {
        double[] steps = new double[8];
        Arrays.setAll(steps, i -> scale * Math.scalb(1.0, -3 - i));
        return steps;
    }

    /**
     * Steps of all sizes: from that of 1 or of the numbers, whichever is larger, to where rounded numbers cannot be closer. Each is
     * half of the one before, but in the desert between 1 and much smaller numbers.
     */
    double[] allSteps() {
        DoubleArrayList steps = new DoubleArrayList();
        for (double step = 0.5; step > Math.max(scale, DESERT); step *= 0.5) {
            steps.add(step);
        }
        double stride = Math.max(4, Math.pow(DESERT / scale, 1.0 / MOST_STRIDES));
        for (double step = DESERT; step > scale; step /= stride) {
            steps.add(step);
        }
        double to = Math.max(least, Math.min(scale, 1) * SMALLEST);
        for (double step = 0.5 * scale; step >= to; step *= 0.5) {
            steps.add(step);
        }
        return steps.toDoubleArray();
    }

    /** The numbers at a step; and how far they are from the origin in fact, after rounding. */
    record Point(NDArray numbers, double step) {}

    Point at(double step) {
        double[] numbers = origin.toDoubles();
        double moved = step;
        for (int i = 0; i < numbers.length; i++) {
            if (direction[i] != 0) {
                double before = numbers[i];
                numbers[i] += step * direction[i];
                numbers[i] = origin.dtype().bytes() == 4 ? (float) numbers[i] : numbers[i];
                moved = direction[i] == 1 ? numbers[i] - before : step;
            }
        }
        return new Point(NDArray.of(origin.shape(), numbers).cast(origin.dtype()), moved);
    }

    /** The size of most numbers; 1 if they are 0. */
    private static double middle(double[] numbers) {
        double[] sizes = Arrays.stream(numbers)
                .map(Math::abs)
                .filter(size -> size > 0)
                .sorted()
                .toArray();
        return sizes.length == 0 ? 1 : sizes[sizes.length / 2];
    }

    private static double powerOfTwo(double size) {
        return Double.isFinite(size) ? Math.scalb(1.0, Math.clamp(Math.getExponent(size), -900, 900)) : 1;
    }
}
