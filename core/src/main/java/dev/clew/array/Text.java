package dev.clew.array;

import java.util.Locale;

/** Arrays for people: nested brackets and six significant digits; long axes may be shortened to their first and last three. */
final class Text {
    private static final int EDGE = 3;

    private Text() {}

    static String numbers(NDArray array, boolean shorten) {
        StringBuilder text = new StringBuilder();
        append(text, array, shorten, new int[array.shape().rank()], 0);
        return text.toString();
    }

    private static void append(StringBuilder text, NDArray array, boolean shorten, int[] index, int axis) {
        if (axis == index.length) {
            text.append(number(array.get(index), array.dtype()));
            return;
        }
        int length = array.shape().length(axis);
        text.append('[');
        for (int i = 0; i < length; i++) {
            if (shorten && length > 2 * EDGE && i == EDGE) {
                text.append(", ...");
                i = length - EDGE;
            }
            text.append(i == 0 ? "" : ", ");
            index[axis] = i;
            append(text, array, shorten, index, axis + 1);
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
