package dev.clew.examples.forecast;

import java.util.Arrays;

/**
 * AR(2), what every forecast must be better than: x[t] = constant + last·x[t−1] + before·x[t−2] + ε, ε normal with mean 0 (Yule: On a method of
 * investigating periodicities in disturbed series, with special reference to Wolfer's sunspot numbers, 1927).
 *
 * @param deviation the standard deviation of ε
 */
record AutoRegression(double constant, double last, double before, double deviation) {
    private static final int COEFFICIENTS = 3;

    /**
     * By least squares, in closed form: the three normal equations, solved by elimination.
     *
     * @throws IllegalArgumentException if the series has fewer than 6 numbers, or one that follows from fewer than two before it, as where all are
     *     equal
     */
    static AutoRegression fit(double... series) {
        if (series.length < 2 * COEFFICIENTS) {
            throw new IllegalArgumentException(
                    "AR(2) of a series of " + series.length + ": three coefficients are told by 6 numbers or more");
        }
        double[][] equations = new double[COEFFICIENTS][COEFFICIENTS + 1];
        for (int t = 2; t < series.length; t++) {
            double[] row = {1, series[t - 1], series[t - 2], series[t]};
            for (int i = 0; i < COEFFICIENTS; i++) {
                for (int j = 0; j <= COEFFICIENTS; j++) {
                    equations[i][j] += row[i] * row[j];
                }
            }
        }
        double[] solution = solved(equations);
        AutoRegression fit = new AutoRegression(solution[0], solution[1], solution[2], 0);
        double squares = 0;
        for (int t = 2; t < series.length; t++) {
            double error = series[t] - fit.next(series[t - 1], series[t - 2]);
            squares += error * error;
        }
        double deviation = Math.sqrt(squares / (series.length - 2 - COEFFICIENTS));
        return new AutoRegression(fit.constant, fit.last, fit.before, deviation);
    }

    /** Gauss's elimination with the largest pivot of a column. */
    private static double[] solved(double[]... equations) {
        int n = equations.length;
        for (int column = 0; column < n; column++) {
            int largest = column;
            for (int row = column; row < n; row++) {
                largest = Math.abs(equations[row][column]) > Math.abs(equations[largest][column]) ? row : largest;
            }
            double[] pivot = equations[largest];
            equations[largest] = equations[column];
            equations[column] = pivot;
            if (Math.abs(pivot[column]) < 1e-10 * equations[0][0]) {
                throw new IllegalArgumentException(
                        "AR(2) of a series: it does not tell three coefficients from one another;"
                                + " do its numbers differ?");
            }
            for (int row = 0; row < n; row++) {
                double factor = row == column ? 0 : equations[row][column] / pivot[column];
                for (int j = column; j <= n; j++) {
                    equations[row][j] -= factor * pivot[j];
                }
            }
        }
        double[] solution = new double[n];
        Arrays.setAll(solution, row -> equations[row][n] / equations[row][row]);
        return solution;
    }

    private double next(double one, double two) {
        return constant + last * one + before * two;
    }

    /** What is expected 1, 2, ... steps after now. */
    double[] ahead(double previous, double now, int steps) {
        double[] ahead = new double[steps];
        double two = previous;
        double one = now;
        for (int k = 0; k < steps; k++) {
            ahead[k] = next(one, two);
            two = one;
            one = ahead[k];
        }
        return ahead;
    }

    /**
     * The standard deviations of the errors of these, if it is as the formula says: with the weights ψ[0] = 1, ψ[j] = last·ψ[j−1] + before·ψ[j−2],
     * that of the error k steps ahead is deviation·√(ψ[0]² + … + ψ[k−1]²) (Box, Jenkins: Time Series Analysis, 1970, chapter 5).
     */
    double[] deviationsAhead(int steps) {
        double[] deviations = new double[steps];
        double two = 0;
        double one = 1;
        double squares = 0;
        for (int k = 0; k < steps; k++) {
            squares += one * one;
            deviations[k] = deviation * Math.sqrt(squares);
            double next = last * one + before * two;
            two = one;
            one = next;
        }
        return deviations;
    }
}
