package dev.clew.audit;

import java.util.List;

/**
 * A derivative from differences, with an estimate of its error.
 *
 * <p>Central differences have an error in even powers of the step, so a polynomial in h² through several of them, at h = 0, is
 * far better than each (Ridders, Accurate computation of F'(x) and F'(x)F''(x), 1982; here with Neville's scheme). Of all
 * polynomials through neighbors, the one is taken whose error is least, where the error is what the last point changed plus
 * what rounding may do.
 *
 * @param value the derivative
 * @param error how far off it may be
 * @param rounding the part of the error that comes from rounding
 * @param at the quotient of the smallest step that was used, by its number
 * @param from the quotient of the largest step that was used
 */
record Slope(double value, double error, double rounding, int at, int from) {
    private static final int MOST_POINTS = 7;
    private static final double SAFETY = 3;

    /**
     * Differences across a step to either side, {@code (y(x) − y(x−h))/h} and {@code (y(x+h) − y(x))/h}, of values that rounding
     * may throw off by {@code noise}. Rounded numbers may lie closer on one side: the steps are {@code (1 ∓ tilt)·step}.
     */
    record Quotient(double step, double left, double right, double noise, double tilt) {
        /** The slope at the point itself of the parabola through the three values. */
        double central() {
            return 0.5 * left + 0.5 * right - 0.5 * tilt * (right - left);
        }

        Quotient withNoise(double least) {
            return new Quotient(step, left, right, Math.max(noise, least), tilt);
        }

        /** How much the slopes of both sides differ; of a smooth function it goes to 0 with the step. */
        double gap() {
            return Math.abs(right - left);
        }
    }

    /** From quotients in the order of falling steps. */
    static Slope of(List<Quotient> quotients) {
        Slope best = new Slope(Double.NaN, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, -1, -1);
        double[] before = {};
        double[] roundingBefore = {};
        for (int i = 0; i < quotients.size(); i++) {
            double[] row = new double[Math.min(i, MOST_POINTS) + 1];
            double[] rounding = new double[row.length];
            row[0] = quotients.get(i).central();
            rounding[0] = quotients.get(i).noise() / quotients.get(i).step();
            for (int j = 1; j < row.length; j++) {
                double ratio = quotients.get(i - j).step() / quotients.get(i).step();
                double weight = 1 / (ratio * ratio - 1);
                row[j] = row[j - 1] + weight * (row[j - 1] - before[j - 1]);
                rounding[j] = (1 + weight) * rounding[j - 1] + weight * roundingBefore[j - 1];
            }
            for (int j = 0; i > 0 && j < row.length; j++) {
                double shorter = j == 0 ? before[0] : row[j - 1];
                double change = Math.max(Math.abs(row[j] - shorter), Math.abs(row[j] - before[Math.max(0, j - 1)]));
                best = best.better(row[j], change, SAFETY * rounding[j], i, i - Math.max(j, 1));
            }
            before = row;
            roundingBefore = rounding;
        }
        return best;
    }

    private Slope better(double value, double change, double rounding, int at, int from) {
        double error = change + rounding;
        return error < this.error ? new Slope(value, error, rounding, at, from) : this;
    }
}
