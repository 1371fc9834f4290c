package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Derivatives of a sketch's loss along the direction of {@link Graph#direction}, by differences of the oracle in f64: of fourth
 * order, judged by those at twice the step, and none where the two disagree or there is a kink within reach. Stairs that are finer
 * than the steps, as those of a remainder by a small number, are seen by a difference that is finer still.
 */
final class Slopes {
    private static final double STEP = 0x1p-9;
    private static final double FINE = 0x1p-20;
    private static final double KINK = 1e-5;
    private static final double SURE = 1e-3;
    private static final double ROUNDING = 1e-13;
    /** What rounding makes of differences over so small a step, relative to the numbers. */
    private static final double FIRST = 1e-10;

    private static final double SECOND = 1e-7;

    private final Sketch sketch;
    private final List<Numbers> base;
    /** At −4, ..., 4 steps. */
    private final double[] losses = new double[9];

    Slopes(Sketch wide) {
        this.sketch = wide;
        this.base = wide.meaning();
        Arrays.setAll(losses, i -> loss((i - 4) * STEP));
    }

    private double loss(double step) {
        List<Line> moved = new ArrayList<>();
        int parameter = 0;
        for (Line line : sketch.lines()) {
            if (line instanceof Line.Leaf leaf && leaf.isTrained()) {
                int k = parameter++;
                double[] data = leaf.numbers().data().clone();
                Arrays.setAll(data, j -> leaf.numbers().data()[j] + step * Graph.direction(k, j));
                moved.add(new Line.Leaf(
                        leaf.role(), new Numbers(DType.F64, leaf.numbers().shape(), data)));
            } else {
                moved.add(line);
            }
        }
        try {
            return Graph.loss(sketch, Sketch.meaning(moved, base));
        } catch (IllegalArgumentException misfit) {
            return Double.NaN; // An index that is computed from what has moved chooses nothing there.
        }
    }

    private double at(int steps) {
        return losses[steps + 4];
    }

    /** What rounding and what lies around make of numbers of this size. */
    double size() {
        return Arrays.stream(losses).map(Math::abs).max().orElse(0)
                + base.stream().mapToDouble(Numbers::largest).max().orElse(0)
                + 1;
    }

    private boolean isSmooth() {
        if (!Arrays.stream(losses).allMatch(Double::isFinite)) {
            return false;
        }
        double near = Math.abs(at(1) - 2 * at(0) + at(-1));
        double far = Math.abs(at(2) - 2 * at(0) + at(-2));
        double farther = Math.abs(at(4) - 2 * at(0) + at(-4));
        // Of a smooth function the bend grows with the square of the step, at a kink with the step and the change of
        // the slope.
        return Math.abs(far - 4 * near) <= bend() && Math.abs(farther - 4 * far) <= 4 * bend();
    }

    private boolean isWithoutStairs() {
        double coarse = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * STEP);
        double fine = (loss(FINE) - loss(-FINE)) / (2 * FINE);
        return Math.abs(fine - coarse) <= SURE * (Math.abs(coarse) + 1) + ROUNDING * size() / FINE;
    }

    /** A bend that is not taken for a kink: a smaller change of the slope than this in a step is not seen. */
    private double bend() {
        return KINK * (Math.abs(at(1) - at(-1)) + STEP) + ROUNDING * size();
    }

    /** dL/dh along the direction. */
    Optional<Slope> first() {
        double near = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * STEP);
        double far = (8 * (at(2) - at(-2)) - (at(4) - at(-4))) / (24 * STEP);
        return judged(near, far, FIRST * (size() + Math.abs(near)) + 2 * bend() / STEP);
    }

    /** d²L/dh² along the direction. */
    Optional<Slope> second() {
        double near = (-at(2) + 16 * at(1) - 30 * at(0) + 16 * at(-1) - at(-2)) / (12 * STEP * STEP);
        double far = (-at(4) + 16 * at(2) - 30 * at(0) + 16 * at(-2) - at(-4)) / (48 * STEP * STEP);
        return judged(near, far, SECOND * (size() + Math.abs(near)) + 2 * bend() / (STEP * STEP));
    }

    private Optional<Slope> judged(double near, double far, double unseen) {
        double apart = Math.abs(near - far);
        boolean isSure = isSmooth() && isWithoutStairs() && apart <= SURE * (Math.abs(near) + 1);
        return isSure ? Optional.of(new Slope(near, 4 * apart + unseen)) : Optional.empty();
    }

    /** A derivative, and how wrong it may be. */
    record Slope(double value, double error) {}
}
