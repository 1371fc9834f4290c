package dev.clew.array;

import java.util.Locale;

/**
 * Arrays for people: nested brackets and six significant digits; long axes may be shortened to their first and last three, and fewer
 * where there are many axes.
 */
final class Text {
    private static final int EDGE = 3;
    private static final int MOST_SHOWN = 1000;

    private Text() {}

    static String numbers(NDArray array, boolean shorten) {
        StringBuilder text = new StringBuilder();
        append(
                text,
                array,
                shorten ? edge(array.shape()) : Integer.MAX_VALUE / 2,
                new int[array.shape().rank()],
                0);
        return text.toString();
    }

    /** How many elements are shown at either end of an axis. */
    private static int edge(Shape shape) {
        int edge = EDGE;
        while (edge > 1 && shown(shape, edge) > MOST_SHOWN) {
            edge--;
        }
        return edge;
    }

    private static double shown(Shape shape, int edge) {
        double shown = 1;
        for (int length : shape.lengths()) {
            shown *= Math.min(length, 2 * edge);
        }
        return shown;
    }

    private static void append(StringBuilder text, NDArray array, int edge, int[] index, int axis) {
        if (axis == index.length) {
            text.append(number(array.get(index), array.dtype()));
            return;
        }
        int length = array.shape().length(axis);
        text.append('[');
        for (int i = 0; i < length; i++) {
            if (length > 2 * edge && i == edge) {
                text.append(", ...");
                i = length - edge;
            }
            text.append(i == 0 ? "" : ", ");
            index[axis] = i;
            append(text, array, edge, index, axis + 1);
        }
        text.append(']');
    }

    static String number(double number, DType dtype) {
        return switch (dtype) {
            case BOOL -> number == 0 ? "false" : "true";
            case I32 -> Integer.toString((int) number);
            case F32, F64 -> floating(number);
        };
    }

    private static String floating(double number) {
        if (!Double.isFinite(number) || number == 0) {
            return Double.toString(number);
        }
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.5e", number));
        return Double.toString(rounded);
    }
}
