package dev.clew.audit;

/** Ten colors for the sizes of errors, from the rounding of f64 to all of the number. */
final class ErrorScale {
    static final int COLORS = 10;

    private static final double ORDERS = 16;

    private ErrorScale() {}

    /** From 0 for 1e-16 and less, to 1 for 1 and more, and for what is not a number. */
    static double height(double relativeError) {
        if (Double.isNaN(relativeError)) {
            return 1;
        }
        return relativeError <= 0 ? 0 : Math.clamp(1 + Math.log10(relativeError) / ORDERS, 0, 1);
    }

    /** The class of a style sheet that fills with its color. */
    static String color(double relativeError) {
        return "e" + Math.min(COLORS - 1, (int) (height(relativeError) * COLORS));
    }
}
