package dev.clew.examples.audit;

import dev.clew.array.NDArray;

/**
 * In which order arrays of steps have time, batch and features: {@code tbf}, or {@code tfb} where batches are columns, or {@code btf}.
 * Arrays without one of these axes have the others in the same order.
 */
record Axes(String order) {
    private static final String INNER = "tbf";

    Axes {
        if (!order.matches("(?!.*(.).*\\1)[tbf]{3}")) {
            throw new IllegalArgumentException("--axes=" + order
                    + ": it is the letters t, b, f of time, batch and features in the order of the arrays, as tbf");
        }
    }

    /** The same numbers with time first, then the batch, then the features; {@code letters} are the axes that there are. */
    NDArray ordered(NDArray array, String letters) {
        String there = only(order, letters);
        String wanted = only(INNER, letters);
        return there.equals(wanted)
                ? array
                : array.permute(wanted.chars().map(there::indexOf).toArray());
    }

    /** Of an array with so many axes for the steps: all letters, or all but the batch. */
    static String letters(boolean isBatch) {
        return isBatch ? "tbf" : "tf";
    }

    private static String only(String order, String letters) {
        return order.chars()
                .filter(letter -> letters.indexOf(letter) >= 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
