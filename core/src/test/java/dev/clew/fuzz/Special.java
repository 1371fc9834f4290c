package dev.clew.fuzz;

/** Functions that Java lacks, by their series and continued fractions. */
final class Special {
    private static final double NEAR = 2.5;
    private static final int DEPTH = 120;

    private Special() {}

    /** 2/√π·Σ (−1)ⁿ·x^(2n+1)/(n!·(2n+1)) where that converges, else by its complement. */
    static double erf(double x) {
        if (Math.abs(x) > NEAR || Double.isNaN(x)) {
            return x > 0 ? 1 - erfc(x) : x < 0 ? erfc(-x) - 1 : x;
        }
        // e^(−x²)·Σ 2ⁿ·x^(2n+1)/(1·3·...·(2n+1)), whose terms do not alternate.
        double term = x;
        double sum = x;
        for (int n = 1; n < DEPTH; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** The continued fraction of Laplace where x is large, else 1 − erf x. */
    static double erfc(double x) {
        if (!(x > NEAR)) {
            return x < -NEAR ? 2 - erfc(-x) : 1 - erf(x);
        }
        double fraction = 0;
        for (int n = DEPTH; n > 0; n--) {
            fraction = n / 2.0 / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }

    static double normalCdf(double x) {
        return erfc(-x / Math.sqrt(2)) / 2;
    }

    static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double logAddExp(double a, double b) {
        return a == b ? a + Math.log(2) : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    }

    static double logSumExp(double... x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double each : x) {
            largest = Math.max(largest, each);
        }
        if (Double.isInfinite(largest) || Double.isNaN(largest)) {
            return largest;
        }
        double sum = 0;
        for (double each : x) {
            sum += Math.exp(each - largest);
        }
        return largest + Math.log(sum);
    }
}
