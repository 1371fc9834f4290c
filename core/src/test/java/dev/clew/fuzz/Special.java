package dev.clew.fuzz;

/** Functions that Java lacks, by their series and continued fractions. */
final class Special {
    private static final double NEAR = 2.5;
    private static final int DEPTH = 120;
    /** From here on four terms of the series are enough. */
    private static final int SHIFTED = 20;

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

    /** ln |Γ(x)|: by Stirling's series where x is large, by steps of 1 from there, and mirrored for x ≤ 0. */
    static double logGamma(double x) {
        if (Double.isInfinite(x) || (x <= 0 && x == Math.rint(x))) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < 0) {
            return Math.log(Math.PI / Math.abs(sinOfPi(x))) - logGamma(1 - x);
        }
        double shifted = x;
        double product = 0;
        for (; shifted < SHIFTED; shifted++) {
            product += Math.log(shifted);
        }
        double square = 1 / (shifted * shifted);
        double series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / shifted;
        return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - product;
    }

    /** sin πx, by what x is beside the nearest integer, which is exact. */
    private static double sinOfPi(double x) {
        return (Math.rint(x) % 2 == 0 ? 1 : -1) * Math.sin(Math.PI * (x - Math.rint(x)));
    }

    /** The derivative of {@link #logGamma}, term by term. */
    static double digamma(double x) {
        if (x == 0) {
            return -1 / x;
        }
        if (x < 0) {
            double over = x - Math.rint(x);
            return over == 0 || Double.isInfinite(x) ? Double.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * over);
        }
        double shifted = x;
        double sum = 0;
        for (; shifted < SHIFTED; shifted++) {
            sum += 1 / shifted;
        }
        double square = 1 / (shifted * shifted);
        double series = square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
        return Math.log(shifted) - 0.5 / shifted - series - sum;
    }

    /** The derivative of {@link #digamma}, term by term. */
    static double trigamma(double x) {
        if (x <= 0) {
            double ratio = Math.PI / sinOfPi(x);
            return x == Math.rint(x) && !Double.isInfinite(x)
                    ? Double.POSITIVE_INFINITY
                    : ratio * ratio - trigamma(1 - x);
        }
        double shifted = x;
        double sum = 0;
        for (; shifted < SHIFTED; shifted++) {
            sum += 1 / (shifted * shifted);
        }
        double square = 1 / (shifted * shifted);
        double series = square / shifted * (1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30)));
        return 1 / shifted + square / 2 + series + sum;
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
