package dev.clew.examples.forecast;

/**
 * Forecasts so many steps ahead beside what came.
 *
 * @param error the root of the mean squared error
 * @param coverage the share of what came that was within the interval
 */
record Judged(double error, double coverage) {

    /**
     * @param width of the interval, in standard deviations to each side
     */
    static Judged of(double[] mean, double[] deviation, double[] came, double width) {
        double squares = 0;
        int within = 0;
        for (int i = 0; i < came.length; i++) {
            double error = came[i] - mean[i];
            squares += error * error;
            within += Math.abs(error) <= width * deviation[i] ? 1 : 0;
        }
        return new Judged(Math.sqrt(squares / came.length), (double) within / came.length);
    }
}
