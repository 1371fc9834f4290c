package dev.clew.tensor;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A node of the graph: an operation, the tensors it is applied to, and the shape and element type of the result.
 *
 * <p>A tensor is a formula and never changes. Making one checks shapes and types at once and computes nothing; {@link
 * #value()} computes. A {@link Parameter} in a formula means the value it has when the formula is evaluated.
 *
 * <p>Equality is identity: two tensors are equal only if they are the same node.
 *
 * <p>Two operands of different shapes broadcast by NumPy's rule. A bare number takes the other operand's element type;
 * tensors of different element types do not mix without a {@link #cast}.
 */
public sealed class Tensor permits Parameter {
    private static final AtomicLong NEXT = new AtomicLong();

    private final Op op;
    private final List<Tensor> inputs;
    private final Shape shape;
    private final DType dtype;
    /** Numbers ascend in the order of creation, and inputs come before their node: sorting by number is a topological order. */
    private final long number = NEXT.getAndIncrement();

    private volatile @Nullable Kept kept;

    Tensor(Op op, Tensor... inputs) {
        this.op = op;
        this.inputs = List.of(inputs);
        this.dtype = op.dtype(this.inputs);
        this.shape = op.shape(this.inputs);
    }

    // -------------------------------------------------------------------------------------------- making tensors

    /** One number, f64, shape (). */
    public static Tensor of(double number) {
        return of(NDArray.of(number));
    }

    /** One number, f32, shape (). */
    public static Tensor of(float number) {
        return of(NDArray.of(number));
    }

    /** One integer, i32, shape (). */
    public static Tensor of(int number) {
        return of(NDArray.of(number));
    }

    /** Numbers that never change, shape (n). */
    public static Tensor of(double[] numbers) {
        return of(NDArray.of(numbers));
    }

    /** Numbers that never change, shape (n). */
    public static Tensor of(float[] numbers) {
        return of(NDArray.of(numbers));
    }

    /** Indices or labels, shape (n). */
    public static Tensor of(int[] numbers) {
        return of(NDArray.of(numbers));
    }

    /** Numbers that never change, shape (rows, columns). */
    public static Tensor of(double[][] rows) {
        return of(NDArray.of(rows));
    }

    /** Numbers that never change, shape (rows, columns). */
    public static Tensor of(float[][] rows) {
        return of(NDArray.of(rows));
    }

    /** Numbers that never change. */
    public static Tensor of(NDArray array) {
        return new Source.Constant(array).on();
    }

    /** Zeros. */
    public static Tensor zeros(DType dtype, int... shape) {
        return of(NDArray.full(0, dtype, Shape.of(shape)));
    }

    /** Ones. */
    public static Tensor ones(DType dtype, int... shape) {
        return of(NDArray.full(1, dtype, Shape.of(shape)));
    }

    /** 1 at the index, 0 elsewhere: shape (classes), f64. */
    public static Tensor oneHot(int index, int classes) {
        return oneHot(of(index), classes, DType.F64);
    }

    /** A row for every index: shape (n, classes), f64. */
    public static Tensor oneHot(int[] indices, int classes) {
        return oneHot(of(indices), classes, DType.F64);
    }

    /** 1 at the index, 0 elsewhere, along a new last axis. Shapes: (...) i32 → (..., classes). */
    public static Tensor oneHot(Tensor indices, int classes, DType dtype) {
        return new Selection.OneHot(classes, dtype).on(indices);
    }

    // ------------------------------------------------------------------------------------------- what a tensor is

    /** The operation. */
    public Op op() {
        return op;
    }

    /** The tensors that the operation is applied to. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** One of the tensors that the operation is applied to. */
    public Tensor input(int i) {
        return inputs.get(i);
    }

    /** The lengths along the axes. */
    public Shape shape() {
        return shape;
    }

    /** What the elements are. */
    public DType dtype() {
        return dtype;
    }

    /** How many tensors the operation is applied to. */
    public int inputCount() {
        return inputs.size();
    }

    /** The place of this node in the order of creation; inputs always come before. */
    public long number() {
        return number;
    }

    /**
     * The numbers, computed now. They are kept, and other evaluations start from them, for as long as no parameter that
     * they depend on changes: printing every state of a loop costs one pass over it.
     */
    public NDArray value() {
        return Kept.values(List.of(this)).getFirst();
    }

    /** The only number of a tensor with one element. */
    public double item() {
        if (shape.elements() != 1) {
            throw new IllegalArgumentException("item() of " + describe() + ": it has " + shape.elements()
                    + " elements, not one; use value(), or reduce it first with sum(), mean() or get(index)");
        }
        return value().item();
    }

    /** The values of several tensors in one evaluation, kept as by {@link #value()}. */
    public static List<NDArray> values(Tensor... tensors) {
        return Kept.values(List.of(tensors));
    }

    @Nullable
    Kept kept() {
        return kept;
    }

    void keep(Kept value) {
        kept = value;
    }

    /** Operation, shape and type: {@code tanh (1, 128) f64}. */
    public String describe() {
        return op.label() + " " + shape + " " + dtype;
    }

    /** Operation, shape and type, and the numbers if they are at hand without computing anything. */
    @Override
    public String toString() {
        return Kept.atHand(this)
                .map(value -> describe() + " " + value.numbers())
                .orElseGet(this::describe);
    }

    // ------------------------------------------------------------------------------------- elementwise, one input

    /** −x. */
    public Tensor negate() {
        return Unary.NEGATE.on(this);
    }

    /** |x|. The derivative at 0 is 0. */
    public Tensor abs() {
        return Unary.ABS.on(this);
    }

    /** −1, 0 or 1; NaN for NaN. The derivative is 0. */
    public Tensor sign() {
        return Unary.SIGN.on(this);
    }

    /** x². */
    public Tensor square() {
        return Unary.SQUARE.on(this);
    }

    /** √x; NaN below 0. The derivative at 0 is infinite. */
    public Tensor sqrt() {
        return Unary.SQRT.on(this);
    }

    /** 1/x. */
    public Tensor reciprocal() {
        return Unary.RECIPROCAL.on(this);
    }

    /** eˣ. */
    public Tensor exp() {
        return Unary.EXP.on(this);
    }

    /** The natural logarithm; −∞ at 0, NaN below. */
    public Tensor log() {
        return Unary.LOG.on(this);
    }

    /** The hyperbolic tangent. */
    public Tensor tanh() {
        return Unary.TANH.on(this);
    }

    /** σ(x) = 1/(1 + e⁻ˣ). */
    public Tensor sigmoid() {
        return Unary.SIGMOID.on(this);
    }

    /** The same value, through which no gradient flows. */
    public Tensor stopGradient() {
        return Unary.STOP_GRADIENT.on(this);
    }

    /** The same numbers in another type: rounded to nearest for f32, toward zero for i32; not 0 is true. */
    public Tensor cast(DType to) {
        return to == dtype ? this : new Elementwise.Cast(to).on(this);
    }

    // ------------------------------------------------------------------------------------ elementwise, two inputs

    /** a + b. */
    public Tensor plus(Tensor b) {
        return Broadcasting.apply(Binary.PLUS, this, b);
    }

    /** a + b. */
    public Tensor plus(double b) {
        return plus(literal(b));
    }

    /** a − b. */
    public Tensor minus(Tensor b) {
        return Broadcasting.apply(Binary.MINUS, this, b);
    }

    /** a − b. */
    public Tensor minus(double b) {
        return minus(literal(b));
    }

    /** a·b, element by element. */
    public Tensor times(Tensor b) {
        return Broadcasting.apply(Binary.TIMES, this, b);
    }

    /** a·b. */
    public Tensor times(double b) {
        return times(literal(b));
    }

    /** a/b. */
    public Tensor div(Tensor b) {
        return Broadcasting.apply(Binary.DIV, this, b);
    }

    /** a/b. */
    public Tensor div(double b) {
        return div(literal(b));
    }

    /** The larger of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    public Tensor max(Tensor b) {
        return Broadcasting.apply(Binary.MAX, this, b);
    }

    /** The larger of a and b; NaN if a is NaN. */
    public Tensor max(double b) {
        return max(literal(b));
    }

    /** The smaller of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    public Tensor min(Tensor b) {
        return Broadcasting.apply(Binary.MIN, this, b);
    }

    /** The smaller of a and b; NaN if a is NaN. */
    public Tensor min(double b) {
        return min(literal(b));
    }

    /** Where a = b, as bool; NaN equals nothing. */
    public Tensor equalTo(Tensor b) {
        return Broadcasting.apply(Binary.EQUAL, this, b);
    }

    /** Where a = b, as bool. */
    public Tensor equalTo(double b) {
        return equalTo(literal(b));
    }

    /** Where a {@literal <} b, as bool. */
    public Tensor lessThan(Tensor b) {
        return Broadcasting.apply(Binary.LESS, this, b);
    }

    /** Where a {@literal <} b, as bool. */
    public Tensor lessThan(double b) {
        return lessThan(literal(b));
    }

    /** Where a ≤ b, as bool. */
    public Tensor lessOrEqual(Tensor b) {
        return Broadcasting.apply(Binary.LESS_OR_EQUAL, this, b);
    }

    /** Where a ≤ b, as bool. */
    public Tensor lessOrEqual(double b) {
        return lessOrEqual(literal(b));
    }

    /** Where a {@literal >} b, as bool. */
    public Tensor greaterThan(Tensor b) {
        return b.lessThan(this);
    }

    /** Where a {@literal >} b, as bool. */
    public Tensor greaterThan(double b) {
        return literal(b).lessThan(this);
    }

    /** a where the condition (bool) holds, b elsewhere. The gradient of the side not taken is 0. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Broadcasting.apply(new Elementwise.Where(), condition, a, b);
    }

    /** The sum of tensors of one shape, added in their order, as one node; of one tensor, that tensor. */
    public static Tensor sum(List<Tensor> terms) {
        Lists.atLeastOne("sum of tensors", terms);
        return terms.size() == 1 ? terms.getFirst() : new Elementwise.AddN().on(terms.toArray(new Tensor[0]));
    }

    // ---------------------------------------------------------------------------------------------------- products

    /**
     * The matrix product, with NumPy's rules: a vector on the left is a row, on the right a column, and the result lacks
     * that axis; batch axes broadcast.
     *
     * <p>Shapes: (..., m, k) · (..., k, n) → (..., m, n).
     */
    public Tensor matmul(Tensor b) {
        return Broadcasting.matmul(this, b);
    }

    // --------------------------------------------------------------------------------------------------- reductions

    /** The sum of all elements, shape (). */
    public Tensor sum() {
        return sum(false);
    }

    /** The sum along an axis, which goes away. */
    public Tensor sum(int axis) {
        return sum(false, axis);
    }

    /** The sum along some axes, or all if none is given, which stay with length 1 if asked. */
    public Tensor sum(boolean keepDims, int... axes) {
        return reduced(new Reduction.Sum(axes(axes)).on(this), keepDims);
    }

    /** The mean of all elements, shape (). */
    public Tensor mean() {
        return mean(false);
    }

    /** The mean along an axis, which goes away. */
    public Tensor mean(int axis) {
        return mean(false, axis);
    }

    /** The mean along some axes, or all if none is given, which stay with length 1 if asked; of nothing, it is NaN. */
    public Tensor mean(boolean keepDims, int... axes) {
        double count = 1;
        for (int axis : shape.axes(axes)) {
            count *= shape.length(axis);
        }
        return sum(keepDims, axes).div(count);
    }

    /** The largest element, shape (); NaN if one is NaN. Ties share the gradient evenly. */
    public Tensor max() {
        return max(false);
    }

    /** The largest element along an axis, which goes away. */
    public Tensor max(int axis) {
        return max(false, axis);
    }

    /** The largest element along some axes, or all if none is given, which stay with length 1 if asked. */
    public Tensor max(boolean keepDims, int... axes) {
        return reduced(new Reduction.Max(axes(axes)).on(this), keepDims);
    }

    /** ln Σ eˣ along an axis, which goes away. Finite for every finite x. */
    public Tensor logSumExp(int axis) {
        return squeeze(Softmax.logSumExp(this, axis), axis);
    }

    /** eˣ / Σ eˣ along an axis. */
    public Tensor softmax(int axis) {
        return Softmax.softmax(this, axis);
    }

    /** x − ln Σ eˣ along an axis: the logarithm of the softmax, without leaving the range of numbers. */
    public Tensor logSoftmax(int axis) {
        return Softmax.logSoftmax(this, axis);
    }

    // ----------------------------------------------------------------------------------------------------- movement

    /** The same elements, counted row-major, in another shape; one length may be -1 and is then computed. */
    public Tensor reshape(int... lengths) {
        return reshape(Lists.inferred(shape, lengths));
    }

    /** The same elements, counted row-major, in another shape. */
    public Tensor reshape(Shape to) {
        return to.equals(shape) ? this : new Movement.Reshape(to).on(this);
    }

    /** The last two axes exchanged. */
    public Tensor transpose() {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException(
                    "transpose of " + describe() + ": it exchanges the last two axes, and there "
                            + (shape.rank() == 1 ? "is only one; expandDims adds one" : "are none"));
        }
        return transpose(Movement.lastTwoExchanged(shape.rank()));
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this tensor. */
    public Tensor transpose(int... order) {
        int[] axes = Arrays.stream(order).map(shape::axis).toArray();
        return new Movement.Transpose(ImmutableIntArray.copyOf(axes)).on(this);
    }

    /** A new axis of length 1 in front of the given one; -1 puts it last. */
    public Tensor expandDims(int axis) {
        return reshape(shape.insert(axis, 1));
    }

    /** Without an axis, whose length must be 1. */
    public Tensor squeeze(int axis) {
        return squeeze(this, axis);
    }

    /** Axes of length 1, and new ones in front, repeated to reach a shape. Nothing is copied. */
    public Tensor broadcastTo(Shape to) {
        return to.equals(shape) ? this : new Movement.Broadcast(to).on(this);
    }

    /** Axes of length 1, and new ones in front, repeated to reach a shape. Nothing is copied. */
    public Tensor broadcastTo(int... to) {
        return broadcastTo(Shape.of(to));
    }

    /** The elements {@code from .. to − 1} of an axis. */
    public Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** The elements {@code from, from + step, ...} before {@code to} of an axis. */
    public Tensor slice(int axis, int from, int to, int step) {
        return Slices.slice(this, axis, from, to, step);
    }

    /** The elements at an index of the first axis, which goes away; a negative index counts from the end. */
    public Tensor get(int index) {
        return Slices.get(this, 0, index);
    }

    /** The elements at an index of an axis, which goes away; a negative index counts from the end. */
    public Tensor get(int axis, int index) {
        return Slices.get(this, axis, index);
    }

    /** Tensors one after the other along an axis. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        return Lists.concat(axis, parts);
    }

    /** Tensors of one shape along a new axis. */
    public static Tensor stack(int axis, List<Tensor> parts) {
        return Lists.stack(axis, parts);
    }

    // ---------------------------------------------------------------------------------------------------- selection

    /** Rows by index: an embedding lookup. Shapes: (rows, ...), indices (...) i32 → (indices..., ...). */
    public Tensor gather(Tensor indices) {
        return new Selection.Gather().on(this, indices);
    }

    /** Rows by index. Shapes: (rows, ...) → (n, ...). */
    public Tensor gather(int... indices) {
        return gather(of(indices));
    }

    /** One element of every row, by index. Shapes: (..., n), indices (...) i32 → (...). */
    public Tensor pick(Tensor indices) {
        return new Selection.Pick().on(this, indices);
    }

    /** One element of every row, by index. Shapes: (rows, n) → (rows). */
    public Tensor pick(int... indices) {
        return pick(of(indices));
    }

    // ------------------------------------------------------------------------------------------------------- within

    /** A number of this tensor's type and shape, stored once. */
    Tensor constant(double number) {
        return literal(number).broadcastTo(shape);
    }

    /** A number of this tensor's type, shape (); f64 if that type does not hold it, and then the types do not mix. */
    private Tensor literal(double number) {
        boolean fits = dtype.isFloating() || (dtype == DType.I32 && number == (int) number);
        return of(NDArray.of(number).cast(fits ? dtype : DType.F64));
    }

    private ImmutableIntArray axes(int... axes) {
        return ImmutableIntArray.copyOf(shape.axes(axes));
    }

    private static Tensor reduced(Tensor kept, boolean keepDims) {
        int[] axes = kept.op() instanceof Reduction reduction ? reduction.axes().toArray() : new int[0];
        return keepDims ? kept : kept.reshape(kept.shape.without(axes));
    }

    private static Tensor squeeze(Tensor x, int axis) {
        if (x.shape.length(axis) != 1) {
            throw new IllegalArgumentException("squeeze axis " + axis + " of " + x.describe() + ": its length is "
                    + x.shape.length(axis) + ", and only an axis of length 1 can go away");
        }
        return x.reshape(x.shape.without(axis));
    }
}
