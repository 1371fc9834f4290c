package dev.clew.audit;

/** How far numbers are from being the same. */
final class Agreement {
    private Agreement() {}

    /**
     * max|a − b| / size; 0 if they are the same, NaN and infinities too; infinite if one has such a number and the
     * other another.
     */
    static double distance(double[] a, double[] b, double size) {
        double apart = 0;
        for (int i = 0; i < a.length; i++) {
            apart = Math.max(apart, apart(a[i], b[i]));
        }
        return apart == 0 ? 0 : apart / size;
    }

    /** Relative to the largest number of both. */
    static double distance(double[] a, double[] b) {
        return distance(a, b, Math.max(size(a), size(b)));
    }

    /** Of two numbers; NaN is not far from NaN, but from everything else. */
    static double apart(double a, double b) {
        double apart = a == b || Double.compare(a, b) == 0 ? 0 : Math.abs(a - b);
        return Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
    }

    /** The largest absolute value of those that are finite. */
    static double size(double[] numbers) {
        double largest = 0;
        for (double number : numbers) {
            largest = Double.isFinite(number) ? Math.max(largest, Math.abs(number)) : largest;
        }
        return largest;
    }

    /** ‖a − b‖ / ‖b‖; infinite if that is no number. */
    static double relativeError(double[] a, double[] b) {
        double apart = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = apart(a[i], b[i]);
            apart += difference * difference;
            size += b[i] * b[i];
        }
        double relative = Math.sqrt(apart / size);
        return apart == 0 ? 0 : Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    /** Where two are farthest apart. */
    static int worst(double[] a, double[] b) {
        int worst = 0;
        for (int i = 1; i < a.length; i++) {
            worst = apart(a[i], b[i]) > apart(a[worst], b[worst]) ? i : worst;
        }
        return worst;
    }
}
