package dev.clew.array;

import dev.clew.internal.array.ArrayAccess;
import dev.clew.internal.array.Present;
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
                return array.offset;
            }
        });
    }

    private final DType dtype;
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final Object storage;
    private final boolean contiguous;

    private NDArray(DType dtype, Shape shape, int[] strides, int offset, Object storage) {
        this.dtype = dtype;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.storage = storage;
        this.contiguous = isRowMajor(shape, strides);
    }

    /** Takes ownership of the storage: nobody may write it any more. */
    static NDArray own(Shape shape, Object storage) {
        DType dtype = switch (storage) {
            case double[] numbers -> DType.F64;
            case float[] numbers -> DType.F32;
            case int[] numbers -> DType.I32;
            default -> DType.BOOL;
        };
        return new NDArray(dtype, shape, rowMajor(shape), 0, storage);
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
        for (int from = 0; from < elements; from += BLOCK) {
            int count = Math.min(BLOCK, elements - from);
            filler.fill(block, from, count);
            Rows.store(block, storage, from, count);
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
        return at(offset);
    }

    /** Whether it is one number, repeated: {@link #full}, or a broadcast of a single element. */
    public boolean isRepeated() {
        return shape.elements() > 0 && (shape.elements() == 1 || allZero(strides));
    }

    /** The element at an index along every axis, as a {@code double} (exact for every type; true is 1). */
    public double get(int... index) {
        Present.single("get", index);
        if (index.length != shape.rank()) {
            throw new IllegalArgumentException("get" + Arrays.toString(index) + " of an array " + shape + ": "
                    + index.length + " indices for " + shape.rank() + " axes");
        }
        int position = offset;
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape.length(axis)) {
                throw new IndexOutOfBoundsException("get" + Arrays.toString(index) + " of an array " + shape
                        + ": index " + index[axis] + " is outside 0 to " + (shape.length(axis) - 1));
            }
            position += index[axis] * strides[axis];
        }
        return at(position);
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
        if (contiguous) {
            Rows.load(storage, offset + from, 1, block, 0, count);
        } else if (shape.elements() == 1 || allZero(strides)) {
            Arrays.fill(block, 0, count, at(offset));
        } else {
            loadStrided(block, from, count);
        }
    }

    private void loadStrided(double[] block, int from, int count) {
        int last = shape.rank() - 1;
        int width = shape.length(last);
        for (int done = 0; done < count; ) {
            int column = (from + done) % width;
            int run = Math.min(width - column, count - done);
            Rows.load(
                    storage,
                    position((from + done) / width, last) + column * strides[last],
                    strides[last],
                    block,
                    done,
                    run);
            done += run;
        }
    }

    /** Where the row with this row-major number begins: the axes before {@code last} are counted. */
    private int position(int row, int last) {
        int position = offset;
        int rest = row;
        for (int axis = last - 1; axis >= 0; axis--) {
            int length = shape.length(axis);
            position += (rest % length) * strides[axis];
            rest /= length;
        }
        return position;
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
        for (int from = 0; from < shape.elements(); from += BLOCK) {
            int count = Math.min(BLOCK, shape.elements() - from);
            load(block, from, count);
            Rows.store(block, copy, from, count);
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
        if (to.elements() != shape.elements()) {
            throw new IllegalArgumentException("reshape " + shape + " to " + to + ": " + shape.elements()
                    + " elements cannot become " + to.elements());
        }
        if (allZero(strides)) {
            // One number, however often it is repeated.
            return new NDArray(dtype, to, new int[to.rank()], offset, storage);
        }
        NDArray together = contiguous();
        return new NDArray(dtype, to, rowMajor(to), together.offset, together.storage);
    }

    /** Repeats axes of length 1, and new axes in front, to reach a shape; a view. */
    public NDArray broadcastTo(Shape to) {
        Present.single("broadcastTo", to);
        if (to.equals(shape)) {
            return this;
        }
        if (to.rank() < shape.rank()
                || !Shape.areBroadcastable(shape, to)
                || !Shape.broadcast(shape, to).equals(to)) {
            throw new IllegalArgumentException(
                    "broadcast " + shape + " to " + to + ": aligned at the last axis, every length must be equal or 1");
        }
        int[] repeated = new int[to.rank()];
        for (int axis = 0, shift = to.rank() - shape.rank(); axis < shape.rank(); axis++) {
            repeated[axis + shift] = shape.length(axis) == 1 ? 0 : strides[axis];
        }
        return new NDArray(dtype, to, repeated, offset, storage);
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this array; a view. */
    public NDArray permute(int... order) {
        Present.require("permute", (Object) order);
        if (!namesEveryAxis(order)) {
            throw new IllegalArgumentException("permute " + shape + " by " + Arrays.toString(order)
                    + ": the order must name every axis, counted from 0, once");
        }
        int[] lengths = new int[order.length];
        int[] moved = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            lengths[i] = shape.length(order[i]);
            moved[i] = strides[order[i]];
        }
        return new NDArray(dtype, Shape.of(lengths), moved, offset, storage);
    }

    private boolean namesEveryAxis(int[] order) {
        boolean[] named = new boolean[shape.rank()];
        for (int axis : order) {
            if (axis < 0 || axis >= named.length || named[axis]) {
                return false;
            }
            named[axis] = true;
        }
        return order.length == named.length;
    }

    /** A window: along every axis the elements start, start + step, ...; a view. A step may be negative, never 0. */
    public NDArray slice(int[] start, int[] step, Shape size) {
        Present.single("slice", start, step, size);
        if (start.length != shape.rank() || step.length != shape.rank() || size.rank() != shape.rank()) {
            throw new IllegalArgumentException("slice of an array " + shape + ": start " + Arrays.toString(start)
                    + ", step " + Arrays.toString(step) + " and size " + size + " must have a number for every axis");
        }
        int first = offset;
        int[] stretched = new int[start.length];
        for (int axis = 0; axis < start.length; axis++) {
            int length = size.length(axis);
            long end = start[axis] + (length - 1L) * step[axis];
            if (step[axis] == 0) {
                throw new IllegalArgumentException("slice of axis " + axis + " of an array " + shape
                        + ": a step of 0 goes nowhere; broadcastTo repeats");
            }
            if (length > 0 && (Math.min(start[axis], end) < 0 || Math.max(start[axis], end) >= shape.length(axis))) {
                throw new IndexOutOfBoundsException("slice of axis " + axis + " of an array " + shape + ": elements "
                        + start[axis] + " to " + end + " are outside 0 to " + (shape.length(axis) - 1));
            }
            first += length > 0 ? start[axis] * strides[axis] : 0;
            stretched[axis] = step[axis] * strides[axis];
        }
        return new NDArray(dtype, size, stretched, size.elements() == 0 ? offset : first, storage);
    }

    /** The rows {@code from .. to − 1} of the first axis: a window on data; a view. */
    public NDArray rows(int from, int to) {
        int[] start = new int[shape.rank()];
        int[] step = new int[shape.rank()];
        Arrays.fill(step, 1);
        if (shape.rank() == 0 || from < 0 || to < from || to > shape.length(0)) {
            throw new IndexOutOfBoundsException(
                    "rows(" + from + ", " + to + ") of an array " + shape + ": need 0 ≤ from ≤ to ≤ its first length");
        }
        start[0] = from;
        return slice(start, step, shape.with(0, to - from));
    }

    /** This array with its numbers lying together in row-major order; itself if they already do. */
    NDArray contiguous() {
        return contiguous ? this : own(shape, copyAs(dtype));
    }

    // --------------------------------------------------------------------------------------------------- products

    /**
     * The matrix product, batch by batch. k is cut into blocks of {@link dev.clew.internal.array.BlockSum#BLOCK}: in a block every element is a fused
     * multiply-add over k in ascending order, beginning with 0, and blocks are added in order. That order is the meaning of a product,
     * and every faster way must give the same bits.
     *
     * <p>Shapes: (..., m, k) · (..., k, n) → (..., m, n), with equal batch axes.
     */
    public NDArray matmul(NDArray right) {
        Present.single("matmul", right);
        requireProduct(right);
        int rank = shape.rank();
        Shape result = product(right);
        int m = shape.length(-2);
        int n = right.shape.length(-1);
        NDArray b = Products.takesInPlace(m, right.strides) ? right : right.contiguous();
        Products.Walk walk = new Products.Walk(
                m, shape.length(-1), n, strides[rank - 2], strides[rank - 1], b.strides[rank - 2], b.strides[rank - 1]);
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
        return position(batch, shape.rank() - 2);
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

    private static int[] rowMajor(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.length(axis);
        }
        return strides;
    }

    private static boolean isRowMajor(Shape shape, int[] strides) {
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            int length = shape.length(axis);
            if (length != 1 && strides[axis] != stride) {
                return false;
            }
            stride *= length;
        }
        return true;
    }

    private static boolean allZero(int[] strides) {
        for (int stride : strides) {
            if (stride != 0) {
                return false;
            }
        }
        return true;
    }
}
