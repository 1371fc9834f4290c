package dev.clew.array;

import org.jspecify.annotations.Nullable;

/** Typed storage: a run of elements to and from {@code double}, which holds every element type exactly. */
final class Rows {
    private Rows() {}

    static Object allocate(DType dtype, int elements) {
        return switch (dtype) {
            case F64 -> new double[elements];
            case F32 -> new float[elements];
            case I32 -> new int[elements];
            case BOOL -> new boolean[elements];
        };
    }

    static void load(Object storage, int start, int stride, double[] block, int at, int count) {
        switch (storage) {
            case double[] numbers when stride == 1 -> System.arraycopy(numbers, start, block, at, count);
            case double[] numbers -> {
                for (int i = 0; i < count; i++) {
                    block[at + i] = numbers[start + i * stride];
                }
            }
            case float[] numbers -> {
                for (int i = 0; i < count; i++) {
                    block[at + i] = numbers[start + i * stride];
                }
            }
            case int[] numbers -> {
                for (int i = 0; i < count; i++) {
                    block[at + i] = numbers[start + i * stride];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    block[at + i] = ((boolean[]) storage)[start + i * stride] ? 1 : 0;
                }
            }
        }
    }

    static void store(double[] block, Object storage, int start, int count) {
        switch (storage) {
            case double[] numbers -> System.arraycopy(block, 0, numbers, start, count);
            case float[] numbers -> {
                for (int i = 0; i < count; i++) {
                    numbers[start + i] = (float) block[i];
                }
            }
            case int[] numbers -> {
                for (int i = 0; i < count; i++) {
                    numbers[start + i] = (int) block[i];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    ((boolean[]) storage)[start + i] = block[i] != 0;
                }
            }
        }
    }

    static int width(double[][] rows) {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    static int width(float[][] rows) {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    static int width(int[][] rows) {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    static int checked(int row, int length, int width) {
        if (length != width) {
            throw new IllegalArgumentException("row " + row + " has " + length + " numbers but row 0 has " + width
                    + "; the rows of an array are of one length");
        }
        return width;
    }

    /** Callers without a null checker may hand over null, and {@code new double[2][]} has none of its rows. */
    static void requirePresent(@Nullable Object @Nullable [] rows) {
        if (rows == null) {
            throw new IllegalArgumentException("array of rows: null; there is no value for nothing");
        }
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null) {
                throw new IllegalArgumentException("row " + i + " is null; every row of an array has its numbers");
            }
        }
    }
}
