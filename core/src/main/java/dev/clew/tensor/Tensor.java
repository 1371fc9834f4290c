package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.tensor.Afterwards;
import dev.clew.internal.tensor.Derivation;
import dev.clew.internal.tensor.Kept;
import dev.clew.internal.tensor.ParameterState;
import dev.clew.internal.tensor.TensorAccess;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
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
public sealed class Tensor
        implements TensorElementwise,
                TensorContractions,
                TensorReductions,
                TensorScans,
                TensorMovements,
                TensorSelections
        permits Parameter {
    private static final AtomicLong NEXT = new AtomicLong();

    static {
        TensorAccess.give(new TensorAccess() {
            @Override
            public ParameterState state(Parameter parameter) {
                return parameter.state();
            }

            @Override
            public void state(Parameter parameter, ParameterState next) {
                parameter.state(next);
            }

            @Override
            public boolean setAll(Map<Parameter, NDArray> values, BooleanSupplier condition) {
                return Parameter.setAll(values, condition);
            }

            @Override
            public @Nullable Kept kept(Tensor tensor) {
                return tensor.kept;
            }

            @Override
            public void keep(Tensor tensor, Kept value) {
                tensor.kept = value;
            }

            @Override
            public Afterwards.@Nullable Mark mark(Tensor tensor) {
                return tensor.mark;
            }

            @Override
            public void mark(Tensor tensor, Afterwards.Mark as) {
                tensor.mark = as;
            }

            @Override
            public long made() {
                return NEXT.get();
            }

            @Override
            public Formula formula(Elementwise operation) {
                return Row.formula(operation);
            }
        });
    }

    private final Op op;
    private final List<Tensor> inputs;
    private final Shape shape;
    private final DType dtype;
    /** Numbers ascend in the order of creation, and inputs come before their node: sorting by number is a topological order. */
    private final long number = NEXT.getAndIncrement();

    /** Where it was made, if it was {@link Tracing traced}. */
    private final @Nullable Site site = Derivation.site();

    private volatile @Nullable Kept kept;

    /** Of outputs of training steps. */
    private volatile Afterwards.@Nullable Mark mark;

    Tensor(Op op, Tensor... inputs) {
        this.op = op;
        this.inputs = Lists.inputs(op, inputs);
        this.dtype = op.dtype(this.inputs);
        this.shape = op.shape(this.inputs);
    }

    // ------------------------------------------------------------------------------------------------- making tensors

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
        return Asked.by("tensor", () -> of(NDArray.of(numbers)), (Object) numbers);
    }

    /** Numbers that never change, shape (n). */
    public static Tensor of(float[] numbers) {
        return Asked.by("tensor", () -> of(NDArray.of(numbers)), (Object) numbers);
    }

    /** Indices or labels, shape (n). */
    public static Tensor of(int[] numbers) {
        return Asked.by("tensor", () -> of(NDArray.of(numbers)), (Object) numbers);
    }

    /** Truth values: a mask, shape (n). */
    public static Tensor of(boolean[] values) {
        return Asked.by("tensor", () -> of(NDArray.of(values)), (Object) values);
    }

    /** Numbers that never change, shape (rows, columns). */
    public static Tensor of(double[][] rows) {
        return Asked.by("tensor", () -> of(NDArray.of(rows)), (Object) rows);
    }

    /** Numbers that never change, shape (rows, columns). */
    public static Tensor of(float[][] rows) {
        return Asked.by("tensor", () -> of(NDArray.of(rows)), (Object) rows);
    }

    /** Indices or labels, shape (rows, columns). */
    public static Tensor of(int[][] rows) {
        return Asked.by("tensor", () -> of(NDArray.of(rows)), (Object) rows);
    }

    /** Numbers that never change. */
    public static Tensor of(NDArray array) {
        return Asked.by("tensor", () -> new Source.Constant(array).on(), array);
    }

    /**
     * Numbers that were drawn at random for one evaluation, such as a mask of dropout. A plan would repeat them in every run, and
     * compiling one says so.
     */
    public static Tensor drawn(NDArray array) {
        return Asked.by("drawn", () -> new Source.Constant(array, true).on(), array);
    }

    /**
     * A place for numbers that are handed over with every run of a {@code Plan}: data, for the tightest loop. It has no value of
     * its own.
     */
    public static Tensor input(String name, DType dtype, int... shape) {
        return Asked.by("input", () -> new Source.Input(name, Shape.of(shape), dtype).on(), name, dtype, shape);
    }

    /** Zeros. */
    public static Tensor zeros(DType dtype, int... shape) {
        return Asked.by("zeros", () -> of(NDArray.full(0, dtype, Shape.of(shape))), dtype, shape);
    }

    /** Ones. */
    public static Tensor ones(DType dtype, int... shape) {
        return Asked.by("ones", () -> of(NDArray.full(1, dtype, Shape.of(shape))), dtype, shape);
    }

    /** 1 at the index, 0 elsewhere: shape (classes), f64. */
    public static Tensor oneHot(int index, int classes) {
        return oneHot(of(index), classes, DType.F64);
    }

    /** A row for every index: shape (n, classes), f64. */
    public static Tensor oneHot(int[] indices, int classes) {
        return Asked.by("oneHot", () -> oneHot(of(indices), classes, DType.F64), indices);
    }

    /**
     * 1 at the index, 0 elsewhere, along a new last axis. Shapes: (...) i32 → (..., classes). A plan makes a product with it a
     * choice of rows: NaN and infinities in rows that are not chosen, which 0 times are NaN, then have no effect.
     */
    public static Tensor oneHot(Tensor indices, int classes, DType dtype) {
        return Asked.by("oneHot", () -> new Selection.OneHot(classes, dtype).on(indices), indices, dtype);
    }

    /**
     * a where the condition (bool) holds, b elsewhere. The gradient of the side not taken is 0; if that side is infinite or NaN, or
     * has such a slope, 0·∞ on the way back is NaN. Then choose before the operation as well: not {@code where(ok, x.sqrt(), zero)}
     * but {@code where(ok, where(ok, x, one).sqrt(), zero)}.
     */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Broadcasting.apply(new Elementwise.Where(), condition, a, b);
    }

    /** True on and below a diagonal, j ≤ i + offset: with 0, what a causal step may look at. Shape (rows, columns), bool. */
    public static Tensor lowerMask(int rows, int columns, int offset) {
        return Asked.by("lowerMask", () -> Selections.lowerMask(rows, columns, offset));
    }

    /** True on and above a diagonal, j ≥ i + offset. Shape (rows, columns), bool. */
    public static Tensor upperMask(int rows, int columns, int offset) {
        return Asked.by("upperMask", () -> Selections.upperMask(rows, columns, offset));
    }

    /**
     * The sum of tensors of one shape, as one node; of one tensor, that tensor. Up to 16 are added in their order; of more, blocks of 16
     * are, and these as a binary tree, so that the result is within (log₂ n + 16)·ε of Σ|xᵢ|.
     */
    public static Tensor sum(List<Tensor> terms) {
        Lists.atLeastOne("sum of tensors", terms);
        return terms.size() == 1
                ? terms.getFirst()
                : Asked.by("sum of tensors", () -> new Elementwise.AddN().on(terms.toArray(new Tensor[0])));
    }

    /**
     * A sum of products named by indices: {@code einsum("ij,jk->ik", a, b)} is c[i,k] = Σⱼ a[i,j]·b[j,k].
     *
     * <p>An index in the result stays, any other is summed over; one named twice in an operand takes its diagonal. Without
     * {@code ->} the result has the indices that occur once, in alphabetical order. {@code ...} stands for axes that
     * broadcast. Several operands are multiplied from left to right; an index that has been in its last operand, or is in one
     * alone, is summed over then and there. So {@code einsum("i,->", (1, −1), ∞)} is 0·∞ = NaN, and with (1, 2) it is ∞.
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Asked.by(
                "einsum",
                () -> Einsum.of(equation, Lists.atLeastOne("einsum " + equation, Arrays.asList(operands))),
                equation,
                operands);
    }

    /** Tensors one after the other along an axis. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        return Asked.by("concat", () -> Lists.concat(axis, parts));
    }

    /** Tensors of one shape along a new axis. */
    public static Tensor stack(int axis, List<Tensor> parts) {
        return Asked.by("stack", () -> Lists.stack(axis, parts));
    }

    // ----------------------------------------------------------------------------------------------- what a tensor is

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
        if (i < 0 || i >= inputs.size()) {
            throw new IndexOutOfBoundsException("input " + i + " of " + describe() + ": it is applied to "
                    + inputs.size() + (inputs.size() == 1 ? " tensor" : " tensors") + ", counted from 0");
        }
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

    /** Where it was made, if that was {@link Tracing traced}. */
    public Optional<Site> site() {
        return Optional.ofNullable(site);
    }

    /**
     * The numbers, computed now. They are kept, and other evaluations start from them, for as long as no parameter that
     * they depend on changes: printing every state of a loop, first to last, costs one pass over it. Only what was asked for is
     * kept, not what was computed on the way; so for the gradients of every state, or many values at once, {@link #values} costs
     * one pass and one call of this method each costs many.
     *
     * <p>Asked for in the same way, the same formula of the same numbers has the same bits, on every machine and with any number of
     * threads. Asked for together with other values, or walked by {@link Evaluator#plain()}, it has the same bits too, but for three
     * kinds of sums: those of products of matrices, of sums over rows, and of rows that are added by index. So are the
     * gradients of parameters that several steps share, and {@code x.matmul(w).plus(h.matmul(u))}. Such a sum may be computed as one
     * product or sum, whose terms are added in another order. Of n terms, each result is within min(n, 256 + n/256)·ε·Σ|terms| of the
     * exact one, ε = 2⁻⁵² in f64 and 2⁻²³ in f32; two of them differ by at most twice that, and what is computed from them
     * carries the difference on as it does any rounding.
     *
     * <p>Now means: with the numbers that the parameters hold now. After a training step, a loss has another value than in that
     * step, which {@code step.loss()} gives, and a formula over the losses of many steps is computed from today's parameters
     * throughout: add up numbers, {@code total += sgd.step(loss).loss()}. A notice says so where it happens.
     *
     * <p>Where {@link Tracing} is on, a NaN is an error that names where it began.
     */
    public NDArray value() {
        Derivation.requireFormula(() -> "value() of " + describe());
        return Kept.values(List.of(this)).getFirst();
    }

    /** The only number of a tensor with one element. */
    public double item() {
        if (shape.elements() != 1) {
            throw new IllegalArgumentException("item() of " + describe() + ": it has " + shape.elements()
                    + " elements, not one; use value(), or reduce it first with sum(), mean() or get(index)");
        }
        Derivation.requireFormula(() -> "item() of " + describe());
        return value().item();
    }

    /** The values of several tensors in one evaluation, in their order, kept as by {@link #value()}. */
    public static List<NDArray> values(Tensor... tensors) {
        Present.require("values", (Object) tensors);
        return values(List.of(tensors));
    }

    /** The values of several tensors in one evaluation, in their order, kept as by {@link #value()}. */
    public static List<NDArray> values(Collection<? extends Tensor> tensors) {
        Present.require("values", tensors);
        Derivation.requireFormula(
                () -> "values of " + tensors.stream().map(Tensor::describe).collect(Collectors.joining(", ")));
        return Kept.values(List.copyOf(tensors));
    }

    /**
     * The value, if nothing needs to be computed for it: that of a source, or one that is kept and still valid. An {@link
     * #input} has none.
     */
    public Optional<NDArray> known() {
        Derivation.requireFormula(() -> "known() of " + describe());
        return Kept.atHand(this);
    }

    /** Operation, shape and type: {@code tanh (1, 128) f64}; of an input of a plan, its name too. */
    public String describe() {
        String name = op instanceof Source.Input input && !input.name().isEmpty() ? " \"" + input.name() + "\"" : "";
        return op.label() + name + " " + shape + " " + dtype;
    }

    /** Operation, shape and type, and the numbers if they are at hand without computing anything. */
    @Override
    public String toString() {
        return op instanceof Source.Input
                ? describe()
                : Kept.atHand(this)
                        .map(value -> describe() + " " + value.numbers())
                        .orElseGet(this::describe);
    }

    // --------------------------------------------------------------------------------------------------------- within

    /** A number of this tensor's type and shape, stored once. */
    Tensor constant(double number) {
        return literal(number).broadcastTo(shape);
    }

    /** A number of this tensor's type, shape (); f64 if that type does not hold it, and then the types do not mix. */
    Tensor literal(double number) {
        boolean fits = dtype.isFloating() || (dtype == DType.I32 && number == (int) number);
        return of(NDArray.of(number).cast(fits ? dtype : DType.F64));
    }
}
