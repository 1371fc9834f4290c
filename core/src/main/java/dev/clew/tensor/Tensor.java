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
 *
 * <h2 id="methods">Methods, by chapter</h2>
 *
 * <table class="striped">
 * <caption>Every method, once; those of one name stand together below</caption>
 * <thead><tr><th scope="col">chapter</th><th scope="col">methods</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">Making tensors</th><td>from numbers, or for numbers that come later:
 * {@link #of(double[]) of}, {@link #zeros(DType, int...) zeros}, {@link #ones(DType, int...) ones},
 * {@link #oneHot(Tensor, int, DType) oneHot}, {@link #lowerMask(int, int, int) lowerMask},
 * {@link #upperMask(int, int, int) upperMask}, {@link #drawn(NDArray) drawn},
 * {@link #input(String, DType, int...) input}</td></tr>
 * <tr><th scope="row">Numbers</th><td>what a formula comes to:
 * {@link #value() value}, {@link #values(Tensor...) values}, {@link #item() item}, {@link #known() known}</td></tr>
 * <tr><th scope="row">What a tensor is</th><td>looked at without computing anything:
 * {@link #shape() shape}, {@link #dtype() dtype}, {@link #op() op}, {@link #inputs() inputs},
 * {@link #input(int) input}, {@link #inputCount() inputCount}, {@link #number() number}, {@link #site() site},
 * {@link #describe() describe}</td></tr>
 * <tr><th scope="row">Arithmetic</th><td>element by element; operands broadcast:
 * {@link #plus(Tensor) plus}, {@link #minus(Tensor) minus}, {@link #times(Tensor) times}, {@link #div(Tensor) div},
 * {@link #remainder(Tensor) remainder}, {@link #negate() negate}, {@link #abs() abs}, {@link #sign() sign},
 * {@link #square() square}, {@link #reciprocal() reciprocal}, {@link #lerp(Tensor, Tensor) lerp}</td></tr>
 * <tr><th scope="row">Powers, exponentials, logarithms</th><td>element by element:
 * {@link #sqrt() sqrt}, {@link #rsqrt() rsqrt}, {@link #hypot(Tensor) hypot}, {@link #pow(Tensor) pow},
 * {@link #exp() exp}, {@link #expm1() expm1}, {@link #log() log}, {@link #log1p() log1p}, {@link #log2() log2},
 * {@link #xlogy(Tensor) xlogy}, {@link #logAddExp(Tensor) logAddExp}</td></tr>
 * <tr><th scope="row">Angles and hyperbolas</th><td>in radians:
 * {@link #sin() sin}, {@link #cos() cos}, {@link #tan() tan}, {@link #asin() asin}, {@link #acos() acos},
 * {@link #atan() atan}, {@link #atan2(Tensor) atan2}, {@link #sinh() sinh}, {@link #cosh() cosh},
 * {@link #tanh() tanh}</td></tr>
 * <tr><th scope="row">Error and gamma functions</th><td>of distributions and counts:
 * {@link #erf() erf}, {@link #erfc() erfc}, {@link #normalCdf() normalCdf}, {@link #logGamma() logGamma},
 * {@link #digamma() digamma}, {@link #trigamma() trigamma}</td></tr>
 * <tr><th scope="row">Activations</th><td>between layers and at gates:
 * {@link #sigmoid() sigmoid}, {@link #logSigmoid() logSigmoid}, {@link #softplus() softplus},
 * {@link #softsign() softsign}, {@link #relu() relu}, {@link #leakyRelu(double) leakyRelu}, {@link #elu(double) elu},
 * {@link #selu() selu}, {@link #gelu() gelu}, {@link #geluTanh() geluTanh}, {@link #silu() silu},
 * {@link #hardTanh() hardTanh}, {@link #hardSigmoid() hardSigmoid}</td></tr>
 * <tr><th scope="row">Bounds, rounding, types</th><td>nearest numbers of some kind:
 * {@link #maximum(Tensor) maximum}, {@link #minimum(Tensor) minimum}, {@link #clip(double, double) clip},
 * {@link #floor() floor}, {@link #ceil() ceil}, {@link #round() round}, {@link #cast(DType) cast}</td></tr>
 * <tr><th scope="row">Questions</th><td>answers are bool:
 * {@link #equalTo(Tensor) equalTo}, {@link #notEqualTo(Tensor) notEqualTo}, {@link #lessThan(Tensor) lessThan},
 * {@link #lessOrEqual(Tensor) lessOrEqual}, {@link #greaterThan(Tensor) greaterThan},
 * {@link #greaterOrEqual(Tensor) greaterOrEqual}, {@link #isNaN() isNaN}, {@link #isFinite() isFinite},
 * {@link #and(Tensor) and}, {@link #or(Tensor) or}, {@link #xor(Tensor) xor}, {@link #not() not}</td></tr>
 * <tr><th scope="row">Choices</th><td>by a mask:
 * {@link #where(Tensor, Tensor, Tensor) where}, {@link #maskedFill(Tensor, double) maskedFill}</td></tr>
 * <tr><th scope="row">Products</th><td>summed over a shared axis, or over none:
 * {@link #matmul(Tensor) matmul}, {@link #dot(Tensor) dot}, {@link #outer(Tensor) outer},
 * {@link #einsum(String, Tensor...) einsum}</td></tr>
 * <tr><th scope="row">Reductions</th><td>many elements become one; a list of tensors, one tensor:
 * {@link #sum() sum}, {@link #sum(List) sum}, {@link #mean() mean}, {@link #prod() prod}, {@link #max() max},
 * {@link #min() min}, {@link #argMax() argMax}, {@link #argMin() argMin}, {@link #any() any}, {@link #all() all},
 * {@link #norm() norm}, {@link #variance() variance}, {@link #standardDeviation() standardDeviation},
 * {@link #centered(int...) centered}</td></tr>
 * <tr><th scope="row">Exponentials along an axis</th><td>without overflow:
 * {@link #softmax(int) softmax}, {@link #logSoftmax(int) logSoftmax}, {@link #logSumExp(int) logSumExp}</td></tr>
 * <tr><th scope="row">Scans</th><td>every element from those before it along an axis:
 * {@link #cumulativeSum(int) cumulativeSum}, {@link #cumulativeProduct(int) cumulativeProduct},
 * {@link #cumulativeMax(int) cumulativeMax}, {@link #cumulativeMin(int) cumulativeMin},
 * {@link #logCumulativeSumExp(int) logCumulativeSumExp}, {@link #linearRecurrence(int, Tensor) linearRecurrence},
 * {@link #linearRecurrenceBackwards(int, Tensor) linearRecurrenceBackwards},
 * {@link #linearRecurrenceWithResets(int, Tensor, Tensor) linearRecurrenceWithResets}</td></tr>
 * <tr><th scope="row">Shapes</th><td>the same elements with other axes:
 * {@link #reshape(int...) reshape}, {@link #expandDims(int) expandDims}, {@link #squeeze(int) squeeze},
 * {@link #broadcastTo(int...) broadcastTo}, {@link #transpose() transpose}, {@link #moveAxis(int, int) moveAxis}</td></tr>
 * <tr><th scope="row">Parts</th><td>some of the elements:
 * {@link #get(int) get}, {@link #slice(int, int, int) slice}, {@link #split(int, int) split},
 * {@link #diagonal() diagonal}, {@link #lowerTriangle(int) lowerTriangle}, {@link #upperTriangle(int) upperTriangle}</td></tr>
 * <tr><th scope="row">Joining and moving</th><td>elements beside others, or elsewhere:
 * {@link #concat(int, List) concat}, {@link #stack(int, List) stack}, {@link #pad(int, int, int, double) pad},
 * {@link #repeat(int, int) repeat}, {@link #tile(int...) tile}, {@link #flip(int...) flip},
 * {@link #roll(int, int) roll}</td></tr>
 * <tr><th scope="row">By index</th><td>places are data, i32:
 * {@link #gather(Tensor) gather}, {@link #takeAlong(int, Tensor) takeAlong}, {@link #pick(Tensor) pick},
 * {@link #scatterAdd(Tensor, Tensor) scatterAdd}, {@link #sort(int) sort}, {@link #argSort(int) argSort},
 * {@link #topK(int, int) topK}</td></tr>
 * <tr><th scope="row">Derivatives</th><td>stopped or replaced; they are made by {@code Gradients} in {@code dev.clew.gradient}:
 * {@link #stopGradient() stopGradient}, {@link #withDerivativeOf(Tensor) withDerivativeOf}</td></tr>
 * </tbody>
 * </table>
 *
 * <h2 id="numbers">What the numbers are</h2>
 *
 * <p>This is a contract: each of its statements is held by a test. What is particular to one function stands with its method; special
 * values are those of NumPy, in activations those of PyTorch. A <em>unit</em> is one in the last place of the exact result, in the element
 * type of the result; ε is that of 1: 2⁻⁵² in f64, 2⁻²³ in f32.
 *
 * <h3 id="types">Types</h3>
 *
 * <p>f64 and f32 are binary64 and binary32 of IEEE 754. Rounding is to the nearest number, halfway to the even one. Subnormal numbers
 * are kept. f32 is computed in f32: every result, and every sum on the way, is rounded to it. i32 wraps around modulo 2³², in plus,
 * minus, times, square, prod, negate and abs; what remains by 0 is 0; of quotients, sums, means and the largest it says to cast
 * first. bool is no number. Types do not mix; a bare number is rounded to the type of the tensor, and beside i32 it must be one of i32.
 *
 * <p>A {@link #cast cast} to f32 rounds; what is too large is infinite. One to i32 goes toward zero; what is outside becomes the nearest that
 * there is, and NaN 0. One to bool is true where a number is not 0, so also for NaN. From bool come 1 and 0.
 *
 * <h3 id="rounding">Exact, or rounded once</h3>
 *
 * <p>plus, minus, times, div, square, reciprocal and sqrt are the exact results, rounded once. A remainder is exact, or rounded once where
 * both operands have different signs. Exact are negate, abs, sign, floor, ceil, round, relu, maximum, minimum, clip, hardTanh, all
 * questions and choices, and all that only moves elements. What is written as several operations is rounded several times, in a plan
 * too: {@code x.times(y).plus(z)} is never fused, and a chain of plus is added in its order (but see {@linkplain ##bits below}). Fused
 * multiply-adds, one rounding each, are in matmul, dot and recurrences.
 *
 * <h3 id="functions">Functions</h3>
 *
 * <p>All other functions of elements are within 2 units of the exact values, in f64 and f32 and over the whole domain; in f32, some are
 * computed in f64 and then rounded. They are made of exactly rounded steps and call no other library, so they have the same bits
 * everywhere. Exceptions: elu is within 3 units; of positive numbers logGamma is within 8, digamma and trigamma are within 4, and
 * elsewhere what they say; and two cancel where their results are nearly 0, and lose relative accuracy there: f64 logAddExp within 1/32 of 0, and lerp
 * between numbers of opposite sign.
 *
 * <h3 id="derivatives">Derivatives</h3>
 *
 * <p>First and second derivatives of functions of elements are within 8 units of the exact ones, also where they are tiny; where a derivative
 * is a sum that has a zero, within 8 units of the largest addend. Exceptions: ∂/∂a of {@link #pow(Tensor)} is off by
 * (1 + |b|)·|ln a| units more where b − 1 is rounded, and ∂²/∂a² by (3 + 2|b|)·|ln a|; where an exponential in a derivative is subnormal, or a number on the way, such as aᵇ or 1/b, leaves
 * the range of numbers, the derivative has no more digits than that; and of trigamma no bound is known. Those of softmax, logSumExp,
 * norm and standardDeviation stand with these.
 *
 * <h3 id="sums">Sums and products</h3>
 *
 * <p>Of n terms, as long as no number on the way leaves the range:
 *
 * <ul>
 * <li>{@link #sum()}, {@link #mean()} and {@link #sum(List)}: within (log₂ n + 16)·ε of Σ|x|, and for the mean of that by n.
 * <li>{@link #matmul matmul}, {@link #dot dot}, {@link #scatterAdd(Tensor, Tensor) scatterAdd}, and the derivatives of {@link #gather(Tensor) gather}:
 *     within (256 + n/256)·ε of Σ|terms|.
 * <li>{@link #prod()}: within n·ε of itself.
 * <li>{@link #cumulativeSum cumulativeSum} and {@link #linearRecurrence(int, Tensor) linearRecurrence}: in their order, one rounding
 *     for every step.
 * </ul>
 *
 * <h3 id="bits">The same bits</h3>
 *
 * <p>The same formula of the same numbers has the same bits on every machine, with any number of threads, with vectors of any width and
 * without. {@link #value()} says what may differ if it is asked for together with others, or walked by {@link Evaluator#plain()}: last
 * digits of sums that are merged, and products with one-hot rows. Which of all NaN one is, its sign and payload, is not promised.
 *
 * <h3 id="nan">NaN</h3>
 *
 * <ul>
 * <li>It goes on: through arithmetic, functions, sums, means, products (also by 0), max, min, maximum, minimum, relu and clip, in
 *     cumulativeMax and cumulativeMin from there on, and into all of a softmax. But a⁰ and 1ᵇ are 1, and {@link #hypot hypot}
 *     beside ∞ is ∞.
 * <li>It differs from everything, and is neither less nor greater: {@link #isNaN isNaN} finds it. In an order it is the largest: the last of
 *     {@link #sort(int) sort}, the first in descending order and of {@link #topK topK}. {@link #argMax()} and {@link #argMin()}
 *     give the place of the first.
 * <li>Where it is left out it has no part: in {@link #where where}, {@link #maskedFill maskedFill}, {@link #lowerTriangle lowerTriangle}, and
 *     softmax, logSoftmax and logSumExp with a mask; and the derivative by what is left out is 0. But 0·∞ is NaN on the way back
 *     too: see {@link #where where}.
 * <li>A derivative at a NaN says nothing: that of maximum, minimum and relu is 0, that of clip 1, those of max and min are NaN by all
 *     elements.
 * <li>{@link Tracing} names the operation where a NaN begins. A training step that meets one changes nothing.
 * </ul>
 *
 * <h3 id="infinities">Infinities</h3>
 *
 * <p>What is too large is infinite, on the way too: the mean of two numbers whose sum is infinite is infinite. A quotient by 0 is infinite,
 * with the signs of both, and 0/0, ∞ − ∞ and 0·∞ are NaN, in sums and products too; ln 0 is −∞. Made so that nothing on the way
 * overflows are logSumExp, softmax, logSoftmax, softplus, logSigmoid, logAddExp, hypot, norm and standardDeviation. Of −∞ only, logSumExp
 * is −∞, with derivatives 0, and a softmax NaN; with a mask that leaves nothing but −∞, or nothing at all, it is 0.
 *
 * <h3 id="zeros">Signed zeros</h3>
 *
 * <p>0 and −0 are equal wherever numbers are compared, also for {@link #sort(int) sort}, {@link #argMax()} and the derivative of {@link #max()}.
 * Of both, 0 is the larger for max and maximum and −0 the smaller for min and minimum; relu, abs and sign of −0 are 0. −0 stays −0 in
 * clip within its bounds, and in sqrt, round, odd functions, leakyRelu and elu; ⌈−½⌉ is −0, 1/−0 is −∞. As in IEEE 754, −0 + −0 is −0,
 * also in {@link #sum(List)} and {@link #cumulativeSum cumulativeSum}, and −0 + 0 and x − x are 0. Sums over axes, products of matrices
 * and scatterAdd begin at 0, so they are never −0 of zeros alone. Where sums are merged, the sign of a zero may depend on it.
 *
 * <h3 id="ties">Ties</h3>
 *
 * <p>Of equal elements, {@link #argMax()}, {@link #argMin()} and {@link #topK topK} take the first; sort and argSort keep their order, in either
 * direction. Of derivatives, those of {@link #max()} and {@link #min()} are shared evenly, {@link #maximum maximum} and {@link #minimum
 * minimum} give half to each, {@link #cumulativeMax cumulativeMax} and {@link #cumulativeMin cumulativeMin} all to the last, which is also
 * whose value they give, and sort and topK each to its own.
 *
 * <h3 id="kinks">Kinks</h3>
 *
 * <p>Where a function has no derivative, what counts as one is the choice of PyTorch: that of the side that is written with ≤ or ≥, or the
 * middle where neither is. So |x|, relu, hardTanh and hardSigmoid have the derivative 0 at their kinks, leakyRelu the slope and elu alpha
 * at 0; clip has 1 on its bounds; of two equal operands of maximum and minimum each gets half; sign, floor, ceil and round have 0
 * everywhere, also at their jumps; remainder has 1 by its first operand. Roots of sums of squares, hypot, norm and standardDeviation, have 0
 * where they are 0.
 *
 * <h3 id="nothing">Axes of length 0</h3>
 *
 * <p>Of nothing, sums and products of matrices are 0, {@link #prod()} is 1, mean, variance and standardDeviation are NaN, a norm is 0,
 * logSumExp is −∞, any is false and all is true. The largest and smallest, their places, and the norm for p = ∞ are errors, when the tensor
 * is made.
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
     * 1 at the index, 0 elsewhere, along a new last axis. A plan makes a product with it a choice of rows: NaN and infinities in rows
     * that are not chosen, which 0 times are NaN, then have no effect, and a −0 that is chosen stays −0, where a sum that begins at 0
     * makes it 0. Shapes: (...) i32 → (..., classes).
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
     * threads. Asked for together with other values, or walked by {@link Evaluator#plain()}, it has the same bits too, but for products
     * with {@link #oneHot(Tensor, int, DType) one-hot rows}, which the walk multiplies out, and for three kinds of sums: those of products of matrices, of sums over rows, and of rows that are added by index. So are the
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
