package dev.clew.nn.credit;

/** Adds up draws of an estimate, and compares their mean with what it should be. */
final class Tally {
    private final double[] exact;
    private final double[] sum;
    /** Of squares of differences from what it should be: they do not cancel as squares of the numbers would. */
    private final double[] squares;

    private double cosines;
    private int count;

    Tally(double[] exact) {
        this.exact = exact.clone();
        this.sum = new double[exact.length];
        this.squares = new double[exact.length];
    }

    void add(double[] estimate) {
        for (int i = 0; i < exact.length; i++) {
            double difference = estimate[i] - exact[i];
            sum[i] += difference;
            squares[i] += difference * difference;
        }
        cosines += dot(estimate, exact) / (norm(estimate) * norm(exact));
        count++;
    }

    double exactNorm() {
        return norm(exact);
    }

    double[] exact() {
        return exact.clone();
    }

    double[] mean() {
        double[] mean = new double[exact.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = exact[i] + sum[i] / count;
        }
        return mean;
    }

    double cosine() {
        return cosines / count;
    }

    double bias() {
        return norm(sum) / count;
    }

    /** √(Σ variance / count). */
    double chance() {
        if (count == 1) {
            return 0;
        }
        double variances = 0;
        for (int i = 0; i < exact.length; i++) {
            variances += (squares[i] - sum[i] * sum[i] / count) / (count - 1);
        }
        return Math.sqrt(Math.max(0, variances) / count);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }
}
