package dev.clew.nn.dataset;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;

/**
 * The Lorenz system (Lorenz: Deterministic Nonperiodic Flow, 1963) with its parameters: x' = 10·(y − x), y' = x·(28 − z) − y, z' = x·y −
 * 8z/3, by the method of Runge and Kutta of order 4 in steps of 1/200 or shorter. It begins near the attractor, at (1, 1, 25) and normal
 * numbers around it, and 20 units of time before what is shown. The next state is to be told.
 *
 * <p>Near states part by a factor of e^0.9 in a unit of time, so in 40 units nothing is left of 16 digits.
 *
 * <p>Shapes: x (time, 3) f64; targets (time, 3) f64, the state of the next step; the mask is true everywhere.
 *
 * @param length the number of steps, 1 or more
 * @param interval the time between two of them, above 0; 0.02 is usual
 */
public record Lorenz(int length, double interval) implements SequenceTask {
    private static final double LONGEST = 0.005;
    private static final double BEFORE = 20;

    /** Of sequences of a length. */
    public Lorenz {
        Draws.require(
                length >= 1 && interval > 0 && interval <= 10,
                "Lorenz system of " + length + " steps, " + interval + " apart",
                "there is 1 or more, and the time between them is above 0 and not above 10");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        double[] away = key.normal(0, 1, DType.F64, Shape.of(3)).toDoubles();
        double[] state = after(new double[] {1 + away[0], 1 + away[1], 25 + away[2]}, BEFORE, LONGEST);
        double[] all = new double[3 * (length + 1)];
        for (int t = 0; t <= length; t++) {
            System.arraycopy(state, 0, all, 3 * t, 3);
            state = after(state, interval, LONGEST);
        }
        NDArray states = NDArray.of(Shape.of(length + 1, 3), all);
        return new Drawn(states.rows(0, length), states.rows(1, length + 1), NDArray.of(Draws.everywhere(length)));
    }

    /** The state some time after another, in steps of one length that is not above the longest. */
    static double[] after(double[] state, double time, double longest) {
        int steps = (int) Math.ceil(time / longest);
        double h = time / steps;
        double[] now = state;
        for (int i = 0; i < steps; i++) {
            double[] k1 = slope(now);
            double[] k2 = slope(moved(now, k1, h / 2));
            double[] k3 = slope(moved(now, k2, h / 2));
            double[] k4 = slope(moved(now, k3, h));
            double[] next = new double[3];
            for (int j = 0; j < 3; j++) {
                next[j] = now[j] + h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
            }
            now = next;
        }
        return now;
    }

    private static double[] slope(double[] at) {
        return new double[] {10 * (at[1] - at[0]), at[0] * (28 - at[2]) - at[1], at[0] * at[1] - 8 * at[2] / 3};
    }

    private static double[] moved(double[] from, double[] along, double by) {
        return new double[] {from[0] + by * along[0], from[1] + by * along[1], from[2] + by * along[2]};
    }

    /** About 73, the mean of the variances of the three: of who always says their means. */
    @Override
    public double chance() {
        return 73;
    }
}
