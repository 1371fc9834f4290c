package dev.clew.internal.array;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The engine's way to the storage of arrays, which users do not see: an array gives it away when its class is loaded, and only here
 * can it be had.
 */
public abstract class ArrayAccess {
    private static volatile @Nullable ArrayAccess given;

    /** What the class of arrays gives. */
    protected ArrayAccess() {}

    /** Takes what the class of arrays gives. */
    public static void give(ArrayAccess access) {
        given = access;
    }

    static ArrayAccess get() {
        ArrayAccess access = given;
        return access == null ? afterLoading() : access;
    }

    private static ArrayAccess afterLoading() {
        NDArray.of(0);
        ArrayAccess access = given;
        if (access == null) {
            throw new IllegalStateException("the class of arrays has given no access to them");
        }
        return access;
    }

    /** An array that owns a Java array of {@code double}, {@code float}, {@code int} or {@code boolean}: nobody writes it any more. */
    public abstract NDArray own(Shape shape, Object storage);

    /** The same numbers, row-major and without gaps. */
    public abstract NDArray contiguous(NDArray array);

    /** The Java array with the numbers of an array. */
    public abstract Object storage(NDArray array);

    /** Where in its storage an array begins. */
    public abstract int start(NDArray array);
}
