package dev.clew.array;

import dev.clew.internal.array.ArrayAccess;
import dev.clew.internal.array.ElementBytes;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * An immutable array of numbers: {@code double}, {@code float}, {@code int} or {@code boolean}, of any rank.
 *
 * <p>Transposing, slicing, broadcasting and (for rows that lie together) reshaping make views: the numbers are shared,
 * which is safe because nothing can write them. An element of a view lies at {@code offset + Σ index·stride} of the
 * storage; a broadcast axis has stride 0, so a number repeated a million times is still one number.
 *
 * <p>The order in which elements are counted is row-major: the last axis is the fastest.
 */
public final class NDArray {
    private static final int BLOCK = 512;
    private static final int ALL_SHOWN = 1000;

    static {
        ArrayAccess.give(new ArrayAccess() {
            @Override
            public NDArray own(Shape shape, Object storage) {
                return NDArray.own(shape, storage);
            }

            @Override
            public NDArray contiguous(NDArray array) {
                return array.contiguous();
            }

            @Override
            public Object storage(NDArray array) {
                return array.storage;
            }

            @Override
            public int start(NDArray array) {
                return array.layout.offset();
            }
        });
    }

    private final DType dtype;
    private final Shape shape;
    private final Layout layout;
    private final Object storage;

    private NDArray(DType dtype, Layout layout, Object storage) {
        this.dtype = dtype;
        this.shape = layout.shape();
        this.layout = layout;
        this.storage = storage;
    }

    /** Takes ownership of the storage: nobody may write it any more. */
    static NDArray own(Shape shape, Object storage) {
        DType dtype = switch (storage) {
            case double[] numbers -> DType.F64;
            case float[] numbers -> DType.F32;
            case int[] numbers -> DType.I32;
            default -> DType.BOOL;
        };
        return new NDArray(dtype, Layout.rowMajor(shape, 0), storage);
    }

    // ---------------------------------------------------------------------------------------------- making arrays

    /** One number, shape (). */
    public static NDArray of(double number) {
        return own(Shape.SCALAR, new double[] {number});
    }

    /** One number in single precision, shape (). */
    public static NDArray of(float number) {
        return own(Shape.SCALAR, new float[] {number});
    }

    /** One integer, shape (). */
    public static NDArray of(int number) {
        return own(Shape.SCALAR, new int[] {number});
    }

    /** One truth value, shape (). */
    public static NDArray of(boolean value) {
        return own(Shape.SCALAR, new boolean[] {value});
    }

    /** A copy, shape (n). */
    public static NDArray of(double[] numbers) {
        Present.require("array", (Object) numbers);
        return own(Shape.of(numbers.length), numbers.clone());
    }

    /** A copy, shape (n). */
    public static NDArray of(float[] numbers) {
        Present.require("array", (Object) numbers);
        return own(Shape.of(numbers.length), numbers.clone());
    }

    /** A copy, shape (n). */
    public static NDArray of(int[] numbers) {
        Present.require("array", (Object) numbers);
        return own(Shape.of(numbers.length), numbers.clone());
    }

    /** A copy, shape (n). */
    public static NDArray of(boolean[] values) {
        Present.require("array", (Object) values);
        return own(Shape.of(values.length), values.clone());
    }

    /** A copy, shape (rows, columns). */
    public static NDArray of(double[][] rows) {
        Rows.requirePresent(rows);
        double[] flat = new double[Shape.of(rows.length, Rows.width(rows)).elements()];
        for (int i = 0, n = Rows.width(rows); i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * n, Rows.checked(i, rows[i].length, n));
        }
        return own(Shape.of(rows.length, Rows.width(rows)), flat);
    }

    /** A copy, shape (rows, columns). */
    public static NDArray of(float[][] rows) {
        Rows.requirePresent(rows);
        float[] flat = new float[Shape.of(rows.length, Rows.width(rows)).elements()];
        for (int i = 0, n = Rows.width(rows); i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * n, Rows.checked(i, rows[i].length, n));
        }
        return own(Shape.of(rows.length, Rows.width(rows)), flat);
    }

    /** A copy, shape (rows, columns). */
    public static NDArray of(int[][] rows) {
        Rows.requirePresent(rows);
        int[] flat = new int[Shape.of(rows.length, Rows.width(rows)).elements()];
        for (int i = 0, n = Rows.width(rows); i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * n, Rows.checked(i, rows[i].length, n));
        }
        return own(Shape.of(rows.length, Rows.width(rows)), flat);
    }

    /** A copy of numbers in row-major order, in any shape with as many elements. */
    public static NDArray of(Shape shape, double... numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.length);
        return of(numbers).reshape(shape);
    }

    /** A copy of numbers in row-major order, in any shape with as many elements. */
    public static NDArray of(Shape shape, float... numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.length);
        return of(numbers).reshape(shape);
    }

    /** A copy of numbers in row-major order, in any shape with as many elements. */
    public static NDArray of(Shape shape, int... numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.length);
        return of(numbers).reshape(shape);
    }

    private static void requireCount(Shape shape, int count) {
        if (shape.elements() != count) {
            throw new IllegalArgumentException(
                    "array " + shape + " from " + count + " numbers: it needs " + shape.elements());
        }
    }

    /** The same number everywhere; it is stored once. */
    public static NDArray full(double number, DType dtype, Shape shape) {
        Present.single("full", dtype, shape);
        return of(number).cast(dtype).broadcastTo(shape);
    }

    /**
     * A new array, filled block by block in row-major order. Numbers are handed over as {@code double} whatever the
     * type, and rounded to it on the way in (toward zero for integers; not 0 is true).
     */
    public static NDArray build(DType dtype, Shape shape, Filler filler) {
        Present.single("build", dtype, shape, filler);
        int elements = shape.elements();
        Object storage = Rows.allocate(dtype, elements);
        if (storage instanceof double[] numbers && elements <= BLOCK) {
            filler.fill(numbers, 0, elements);
            return own(shape, numbers);
        }
        double[] block = new double[Math.min(BLOCK, elements)];
        for (int from = 0; from < elements; ) { // A whole block more could overflow.
            int count = Math.min(BLOCK, elements - from);
            filler.fill(block, from, count);
            Rows.store(block, storage, from, count);
            from += count;
        }
        return own(shape, storage);
    }

    /** Computes a run of elements for {@link #build}. */
    @FunctionalInterface
    public interface Filler {
        /**
         * Writes the elements {@code from .. from + count − 1}, counted row-major, to the start of the block, and does not
         * keep the block.
         */
        void fill(double[] block, int from, int count);
    }

    // ------------------------------------------------------------------------------------------------ from memory

    /**
     * A copy of what memory holds in row-major order and little-endian, aligned or not: f64 8 bytes, f32 and i32 4, bool one, of which
     * not 0 is true. The memory may be changed or closed afterwards.
     *
     * @throws IllegalArgumentException unless its size is that of the array
     */
    public static NDArray of(DType dtype, Shape shape, MemorySegment memory) {
        Present.single("array", dtype, shape, memory);
        return Memory.load(dtype, shape, memory, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The same of the remaining bytes of a buffer, in the buffer's order: that of a new one is {@link ByteOrder#BIG_ENDIAN}. The position
     * stays where it is.
     *
     * @throws IllegalArgumentException unless as many bytes remain as the array has
     */
    public static NDArray of(DType dtype, Shape shape, ByteBuffer buffer) {
        Present.single("array", dtype, shape, buffer);
        return Memory.load(dtype, shape, MemorySegment.ofBuffer(buffer), buffer.order());
    }

    /** A copy of the remaining numbers of a buffer, f64, in any shape with as many elements; the position stays. */
    public static NDArray of(Shape shape, DoubleBuffer numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.remaining());
        return Memory.load(DType.F64, shape, MemorySegment.ofBuffer(numbers), numbers.order());
    }

    /** A copy of the remaining numbers of a buffer, f32, in any shape with as many elements; the position stays. */
    public static NDArray of(Shape shape, FloatBuffer numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.remaining());
        return Memory.load(DType.F32, shape, MemorySegment.ofBuffer(numbers), numbers.order());
    }

    /** A copy of the remaining numbers of a buffer, i32, in any shape with as many elements; the position stays. */
    public static NDArray of(Shape shape, IntBuffer numbers) {
        Present.single("array", shape, numbers);
        requireCount(shape, numbers.remaining());
        return Memory.load(DType.I32, shape, MemorySegment.ofBuffer(numbers), numbers.order());
    }

    // -------------------------------------------------------------------------------------------- reading numbers

    /** What the elements are. */
    public DType dtype() {
        return dtype;
    }

    /** The lengths along the axes. */
    public Shape shape() {
        return shape;
    }

    /** The only element, as a {@code double}. */
    public double item() {
        if (shape.elements() != 1) {
            throw new IllegalArgumentException("item() of an array " + shape + ": it has " + shape.elements()
                    + " elements, not one; use get(index)");
        }
        return at(layout.offset());
    }

    /** Whether it is one number, repeated: {@link #full}, or a broadcast of a single element. */
    public boolean isRepeated() {
        return shape.elements() > 0 && layout.isOnePlace();
    }

    /** The element at an index along every axis, as a {@code double} (exact for every type; true is 1). */
    public double get(int... index) {
        Present.single("get", index);
        return at(layout.position(index));
    }

    /** All elements in row-major order, as {@code double}, in a new array. */
    public double[] toDoubles() {
        double[] all = new double[shape.elements()];
        load(all, 0, all.length);
        return all;
    }

    /** All elements in row-major order, rounded to {@code float}, in a new array. */
    public float[] toFloats() {
        return (float[]) copyAs(DType.F32);
    }

    /** All elements in row-major order, truncated to {@code int}, in a new array. */
    public int[] toInts() {
        return (int[]) copyAs(DType.I32);
    }

    /** All elements in row-major order; not 0 is true. */
    public boolean[] toBooleans() {
        return (boolean[]) copyAs(DType.BOOL);
    }

    /** The rows of an array of rank 2, as {@code double}. */
    public double[][] toRows() {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException("toRows() of an array " + shape + ": rows need exactly two axes");
        }
        double[][] rows = new double[shape.length(0)][shape.length(1)];
        for (int i = 0; i < rows.length; i++) {
            load(rows[i], i * rows[i].length, rows[i].length);
        }
        return rows;
    }

    /** Copies a run of elements, counted row-major, to the start of a block. */
    public void load(double[] block, int from, int count) {
        Present.require("load", (Object) block);
        if (count == 0) {
            return;
        }
        if (layout.isContiguous()) {
            Rows.load(storage, layout.offset() + from, 1, block, 0, count);
        } else if (layout.isOnePlace()) {
            Arrays.fill(block, 0, count, at(layout.offset()));
        } else {
            loadStrided(block, from, count);
        }
    }

    private void loadStrided(double[] block, int from, int count) {
        int width = shape.length(-1);
        int stride = layout.stride(-1);
        for (int done = 0; done < count; ) {
            int row = layout.start((from + done) / width, shape.rank() - 1);
            int column = (from + done) % width;
            int run = Math.min(width - column, count - done);
            Rows.load(storage, row + column * stride, stride, block, done, run);
            done += run;
        }
    }

    /**
     * The numbers where they lie, read-only, in row-major order and the machine's byte order: no copy, unless this is a view whose
     * numbers do not lie together, or of truth values, which are bytes 0 and 1.
     */
    public MemorySegment asMemorySegment() {
        return ElementBytes.inPlace(this);
    }

    /**
     * Copies all elements to memory, in row-major order and little-endian, aligned or not, as {@link #of(DType, Shape, MemorySegment)}
     * reads them.
     *
     * @throws IllegalArgumentException if its size is not that of the array, or it is read-only
     */
    public void copyTo(MemorySegment memory) {
        Present.single("copyTo", memory);
        Memory.store(this, memory, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The same to the remaining bytes of a buffer, in the buffer's order. The position stays where it is: what was written remains.
     *
     * @throws IllegalArgumentException if not as many bytes remain as the array has, or the buffer is read-only
     */
    public void copyTo(ByteBuffer buffer) {
        Present.single("copyTo", buffer);
        Memory.store(this, MemorySegment.ofBuffer(buffer), buffer.order());
    }

    /**
     * Copies all elements of an array of f64 to what remains of a buffer; the position stays.
     *
     * @throws IllegalArgumentException if type or count differ, or the buffer is read-only
     */
    public void copyTo(DoubleBuffer buffer) {
        Present.single("copyTo", buffer);
        Memory.store(this, DType.F64, buffer, buffer.order());
    }

    /**
     * Copies all elements of an array of f32 to what remains of a buffer; the position stays.
     *
     * @throws IllegalArgumentException if type or count differ, or the buffer is read-only
     */
    public void copyTo(FloatBuffer buffer) {
        Present.single("copyTo", buffer);
        Memory.store(this, DType.F32, buffer, buffer.order());
    }

    /**
     * Copies all elements of an array of i32 to what remains of a buffer; the position stays.
     *
     * @throws IllegalArgumentException if type or count differ, or the buffer is read-only
     */
    public void copyTo(IntBuffer buffer) {
        Present.single("copyTo", buffer);
        Memory.store(this, DType.I32, buffer, buffer.order());
    }

    /**
     * The bytes of all elements, as {@link #copyTo(MemorySegment)} has them, in a new buffer that is little-endian.
     *
     * @throws IllegalArgumentException if there are more than 2³¹ − 1
     */
    public ByteBuffer toByteBuffer() {
        return Memory.copied(this);
    }

    /**
     * Writes the bytes of all elements, as {@link #copyTo(MemorySegment)} has them, to a channel that blocks, a part at a time: however
     * large the array, nothing as large is allocated.
     *
     * @throws IOException if the channel throws it
     */
    public void writeTo(WritableByteChannel channel) throws IOException {
        Present.single("writeTo", channel);
        Memory.write(this, channel);
    }

    private double at(int position) {
        return switch (storage) {
            case double[] numbers -> numbers[position];
            case float[] numbers -> numbers[position];
            case int[] numbers -> numbers[position];
            default -> ((boolean[]) storage)[position] ? 1 : 0;
        };
    }

    private Object copyAs(DType type) {
        Object copy = Rows.allocate(type, shape.elements());
        double[] block = new double[Math.min(BLOCK, shape.elements())];
        for (int from = 0; from < shape.elements(); ) {
            int count = Math.min(BLOCK, shape.elements() - from);
            load(block, from, count);
            Rows.store(block, copy, from, count);
            from += count;
        }
        return copy;
    }

    // ------------------------------------------------------------------------------------------------------ views

    /** The same numbers in another type: rounded to nearest for f32, toward zero for i32; not 0 is true. */
    public NDArray cast(DType type) {
        Present.single("cast", type);
        return type == dtype ? this : own(shape, copyAs(type));
    }

    /**
     * The same numbers, counted row-major, in another shape; a view if they lie together.
     *
     * @throws IllegalArgumentException if the number of elements differs
     */
    public NDArray reshape(Shape to) {
        Present.single("reshape", to);
        return layout.reshape(to).map(this::view).orElseGet(() -> own(to, copyAs(dtype)));
    }

    /** Repeats axes of length 1, and new axes in front, to reach a shape; a view. */
    public NDArray broadcastTo(Shape to) {
        Present.single("broadcastTo", to);
        return to.equals(shape) ? this : view(layout.broadcastTo(to));
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this array; a view. */
    public NDArray permute(int... order) {
        Present.require("permute", (Object) order);
        return view(layout.permute(order));
    }

    /** A window: along every axis the elements start, start + step, ...; a view. A step may be negative, never 0. */
    public NDArray slice(int[] start, int[] step, Shape size) {
        Present.single("slice", start, step, size);
        return view(layout.slice(start, step, size));
    }

    /** The rows {@code from .. to − 1} of the first axis: a window on data; a view. */
    public NDArray rows(int from, int to) {
        return view(layout.rows(from, to));
    }

    private NDArray view(Layout seen) {
        return new NDArray(dtype, seen, storage);
    }

    /** This array with its numbers lying together in row-major order; itself if they already do. */
    NDArray contiguous() {
        return layout.isContiguous() ? this : own(shape, copyAs(dtype));
    }

    // --------------------------------------------------------------------------------------------------- products

    /**
     * The matrix product, batch by batch. k is cut into blocks of 256: in a block every element is a fused
     * multiply-add over k in ascending order, beginning with 0, and blocks are added in order. That order is the meaning of a product,
     * and every faster way must give the same bits.
     *
     * <p>Shapes: (..., m, k) · (..., k, n) → (..., m, n), with equal batch axes.
     */
    public NDArray matmul(NDArray right) {
        Present.single("matmul", right);
        requireProduct(right);
        Shape result = product(right);
        int m = shape.length(-2);
        int n = right.shape.length(-1);
        NDArray b = Products.takesInPlace(m, right.layout) ? right : right.contiguous();
        Products.Walk walk = new Products.Walk(
                m, shape.length(-1), n, layout.stride(-2), layout.stride(-1), b.layout.stride(-2), b.layout.stride(-1));
        Object sums = Rows.allocate(dtype, result.elements());
        int batches = result.elements() == 0 ? 0 : result.elements() / (m * n);
        for (int batch = 0; batch < batches; batch++) {
            walk.multiply(storage, batchStart(batch), b.storage, b.batchStart(batch), sums, batch * m * n);
        }
        return own(result, sums);
    }

    private Shape product(NDArray right) {
        try {
            return shape.with(shape.rank() - 1, right.shape.length(-1));
        } catch (IllegalArgumentException error) {
            throw new IllegalArgumentException(
                    "matmul " + shape + " · " + right.shape + ": " + error.getMessage(), error);
        }
    }

    private void requireProduct(NDArray right) {
        boolean fits = dtype == right.dtype
                && dtype.isFloating()
                && shape.rank() >= 2
                && shape.rank() == right.shape.rank()
                && shape.length(-1) == right.shape.length(-2)
                && shape.without(-2, -1).equals(right.shape.without(-2, -1));
        if (!fits) {
            throw new IllegalArgumentException("matmul " + dtype + " " + shape + " · " + right.dtype + " " + right.shape
                    + ": it needs (..., m, k) · (..., k, n), equal batch axes, and f64 or f32 on both sides");
        }
    }

    private int batchStart(int batch) {
        return layout.start(batch, shape.rank() - 2);
    }

    // ----------------------------------------------------------------------------------------------- as an object

    /** Equal type, shape and numbers (as {@link Double#equals}: NaN equals NaN, and 0.0 differs from -0.0). */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof NDArray that
                        && dtype == that.dtype
                        && shape.equals(that.shape)
                        && Arrays.equals(toDoubles(), that.toDoubles()));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * dtype.hashCode() + shape.hashCode()) + Arrays.hashCode(toDoubles());
    }

    /** Type, shape and numbers, nested by axis; of more than a thousand, the first and last three along an axis, or fewer. */
    @Override
    public String toString() {
        return dtype + " " + shape + " " + Text.numbers(this, shape.elements() > ALL_SHOWN);
    }

    /** The numbers alone and in brief: along an axis longer than six, the first and last three, or fewer of many axes. */
    public String numbers() {
        return Text.numbers(this, true);
    }
}
