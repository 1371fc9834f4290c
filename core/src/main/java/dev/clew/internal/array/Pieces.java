package dev.clew.internal.array;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;

/** Puts a new array together from others of its type, each copied as a whole, as they lie. */
public final class Pieces {
    private static final ArrayAccess ARRAYS = ArrayAccess.get();

    private final Shape shape;
    private final Object storage;

    private Pieces(Shape shape, Object storage) {
        this.shape = shape;
        this.storage = storage;
    }

    /** Of an array that is 0, or false, where nothing is put. */
    public static Pieces of(DType type, Shape shape) {
        return new Pieces(
                shape,
                switch (type) {
                    case F64 -> new double[shape.elements()];
                    case F32 -> new float[shape.elements()];
                    case I32 -> new int[shape.elements()];
                    case BOOL -> new boolean[shape.elements()];
                });
    }

    /** Of an array that is a number where nothing is put. */
    public static Pieces of(DType type, Shape shape, double elsewhere) {
        Pieces pieces = of(type, shape);
        switch (pieces.storage) {
            case double[] numbers -> Arrays.fill(numbers, elsewhere);
            case float[] numbers -> Arrays.fill(numbers, (float) elsewhere);
            case int[] numbers -> Arrays.fill(numbers, (int) elsewhere);
            default -> Arrays.fill((boolean[]) pieces.storage, elsewhere != 0);
        }
        return pieces;
    }

    /** Puts all elements of an array, counted row-major, where elements from one on stand. */
    public void put(NDArray piece, int at) {
        NDArray source = ARRAYS.contiguous(piece);
        System.arraycopy(
                ARRAYS.storage(source),
                ARRAYS.start(source),
                storage,
                at,
                piece.shape().elements());
    }

    /** What has been put together; nothing is put any more. */
    public NDArray array() {
        return ARRAYS.own(shape, storage);
    }
}
