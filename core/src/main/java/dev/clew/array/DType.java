package dev.clew.array;

/** What an element of an array is. Gradients exist for {@link #F64} and {@link #F32} only. */
public enum DType {
    /** Double precision, Java's {@code double}. */
    F64("f64", 8, true),
    /** Single precision, Java's {@code float}. */
    F32("f32", 4, true),
    /** Signed 32-bit integers, Java's {@code int}: indices and class labels. */
    I32("i32", 4, false),
    /** Truth values, Java's {@code boolean}: masks and the results of comparisons. */
    BOOL("bool", 1, false);

    private final String label;
    private final int bytes;
    private final boolean floating;

    DType(String label, int bytes, boolean floating) {
        this.label = label;
        this.bytes = bytes;
        this.floating = floating;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether this is a floating-point type, and so has gradients. */
    public boolean isFloating() {
        return floating;
    }

    /** The short name that shapes, errors and files use: {@code f64 f32 i32 bool}. */
    @Override
    public String toString() {
        return label;
    }
}
