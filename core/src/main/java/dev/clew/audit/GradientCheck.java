package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Is this gradient right? Every number of it is compared with differences of values.
 *
 * {@snippet lang=java :
 * assertThat(GradientCheck.of(x -> new Cube().on(x), point)).isRight(); // an operation of your own
 * assertThat(GradientCheck.of(loss, Parameters.named(model)).withOrder(2)).isRight(); // a model
 * assertThat(GradientCheck.of(loss, inputs).withGradients(byHand)).isRight(); // a gradient written by hand
 * }
 *
 * <p>A difference quotient has two errors: of truncation, which falls with the step, and of rounding, which grows. So each number
 * gets quotients of eight steps, scaled to the number that moves, extrapolated to step 0 ({@link Slope}), with an estimate of
 * both errors; that of rounding follows from the cotangents of all nodes between ({@link Noise}). Where the first eight do not
 * settle it, steps of all sizes follow, of which those are believed within which the function is smooth ({@link Settled}). A
 * number is called wrong only if it is off by several times that estimate, and if the gradient itself is smooth within the reach
 * of the differences ({@link Swing}), and known to its own rounding and underflow. What differences cannot decide (a kink,
 * cancellation, saturation, the edge of the domain, a function that varies or is a staircase ({@link Jumps}) within their reach) is
 * named and not called wrong. What {@code stopGradient} declares constant is held,
 * and what has the derivative of another formula ({@code withDerivativeOf}) moves as that one does.
 *
 * <p>The cotangent of the result is random, so that rows cannot hide behind each other; the seed is in the report. Order 2 checks
 * the gradient's gradient: with respect to the inputs and to the cotangent, which is the jvp.
 */
@CheckReturnValue
public final class GradientCheck {
    /** Inputs with more elements are moved along random directions, unless every element is asked for. */
    static final int MANY = 400;

    private static final String COTANGENT = "the cotangent";

    private final List<Tensor> results;
    private final Map<String, Tensor> inputs;
    /** Calls the function with other numbers for its inputs; null where only its result is known. */
    private final @Nullable Function<Map<Tensor, NDArray>, Tensor> anew;

    private final Settings settings;

    private GradientCheck(
            List<Tensor> results,
            Map<String, Tensor> inputs,
            @Nullable Function<Map<Tensor, NDArray>, Tensor> anew,
            Settings settings) {
        this.anew = anew;
        this.results = results;
        this.inputs = inputs;
        this.settings = settings;
    }

    /** Along which lines inputs are moved. */
    enum Way {
        AUTOMATIC,
        EVERY_ELEMENT,
        JACOBIAN,
        DIRECTIONS
    }

    private record Settings(
            Way way, int directions, int order, long seed, double tolerance, ImmutableMap<String, NDArray> byHand) {
        static final Settings DEFAULT = new Settings(Way.AUTOMATIC, 16, 1, 1, 1e-7, ImmutableMap.of());
    }

    /**
     * Checks the gradient of a tensor with respect to some of those it is computed from: parameters, or any others, such as
     * hidden states. No parameter is changed for it. A number that was baked into the tensor stays unseen, since only a function can be
     * called again.
     */
    public static GradientCheck of(Tensor y, Map<String, ? extends Tensor> inputs) {
        Present.require("gradient check", y, inputs);
        return new GradientCheck(List.of(y), ImmutableMap.copyOf(inputs), null, Settings.DEFAULT).checked();
    }

    /**
     * Checks the gradient of a function at a point. The function is called twice, and must compute the same; and it is called at
     * points beside it, where the formula built at the point must hold too.
     */
    public static GradientCheck of(UnaryOperator<Tensor> function, NDArray point) {
        Present.require("gradient check", function, point);
        Parameter x = Parameter.of(point);
        Function<Map<Tensor, NDArray>, Tensor> anew =
                beside -> result(function.apply(Parameter.of(beside.getOrDefault(x, point))));
        return new GradientCheck(
                        List.of(result(function.apply(x)), result(function.apply(x))),
                        ImmutableMap.of("x", x),
                        anew,
                        Settings.DEFAULT)
                .checked();
    }

    /**
     * Checks the gradient of a function of named inputs. The function is called twice, and must compute the same; and it is called
     * at points beside it, where the formula built at the point must hold too.
     */
    public static GradientCheck of(Function<Map<String, Tensor>, Tensor> function, Map<String, NDArray> point) {
        Present.require("gradient check", function, point);
        ImmutableMap.Builder<String, Tensor> made = ImmutableMap.builder();
        point.forEach(
                (name, array) -> made.put(name, array.dtype().isFloating() ? Parameter.of(array) : Tensor.of(array)));
        ImmutableMap<String, Tensor> all = made.buildOrThrow();
        Map<String, Tensor> floating = new LinkedHashMap<>(all);
        floating.values().removeIf(input -> !input.dtype().isFloating());
        Function<Map<Tensor, NDArray>, Tensor> anew =
                beside -> result(function.apply(ImmutableMap.copyOf(Maps.transformValues(all, x -> {
                    NDArray moved = beside.get(x);
                    return moved == null ? x : Parameter.of(moved);
                }))));
        return new GradientCheck(
                        List.of(result(function.apply(all)), result(function.apply(all))),
                        ImmutableMap.copyOf(floating),
                        anew,
                        Settings.DEFAULT)
                .checked();
    }

    private static Tensor result(@Nullable Tensor ofFunction) {
        return Present.given("gradient check", "the function", ofFunction);
    }

    /** With second derivatives too, if it is 2. */
    public GradientCheck withOrder(int order) {
        if (order != 1 && order != 2) {
            throw new IllegalArgumentException("order " + order
                    + ": 1 or 2; for a higher one, check the formula of a derivative: of(Gradients.of(y).wrt(x), ...)");
        }
        return with(new Settings(
                settings.way, settings.directions, order, settings.seed, settings.tolerance, settings.byHand));
    }

    /** With another random cotangent and other directions. */
    public GradientCheck withSeed(long seed) {
        return with(new Settings(
                settings.way, settings.directions, settings.order, seed, settings.tolerance, settings.byHand));
    }

    /** With another relative difference that is allowed beyond the error of the differences; 1e-7 unless set, in f32 1e-3. */
    public GradientCheck withTolerance(double tolerance) {
        return with(new Settings(
                settings.way, settings.directions, settings.order, settings.seed, tolerance, settings.byHand));
    }

    /** Every element of every input, however many there are; each costs 16 evaluations of what depends on the input. */
    public GradientCheck withEveryElement() {
        return with(
                new Settings(Way.EVERY_ELEMENT, 0, settings.order, settings.seed, settings.tolerance, settings.byHand));
    }

    /** Every element of the result by every element of every input. */
    public GradientCheck withJacobian() {
        return with(new Settings(Way.JACOBIAN, 0, settings.order, settings.seed, settings.tolerance, settings.byHand));
    }

    /** All elements of an input at once, along random directions: for large inputs. */
    public GradientCheck withDirections(int count) {
        return with(new Settings(
                Way.DIRECTIONS, count, settings.order, settings.seed, settings.tolerance, settings.byHand));
    }

    /** With a gradient that was written by hand instead of the automatic one, for a single number. */
    public GradientCheck withGradients(Map<String, NDArray> byHand) {
        Present.require("gradients by hand", byHand);
        return with(new Settings(
                settings.way,
                settings.directions,
                settings.order,
                settings.seed,
                settings.tolerance,
                ImmutableMap.copyOf(byHand)));
    }

    private GradientCheck with(Settings changed) {
        return new GradientCheck(results, inputs, anew, changed).checked();
    }

    /** Compares; in a test, {@link GradientAssert} does so and throws. */
    public GradientReport report() {
        Tensor y = flat(List.of(results.getFirst()));
        Set<Tensor> held = declared(y);
        Probe probe = new Probe(y, held);
        String differing = differing(probe, y);
        if (!differing.isEmpty()) {
            return new GradientReport(List.of(), settings.seed, differing, "", List.copyOf(inputs.keySet()));
        }
        RandomKey key = RandomKey.of(settings.seed);
        NDArray yBar =
                settings.byHand.isEmpty() ? cotangent(key.fold(1), y.shape()) : NDArray.full(1, DType.F64, y.shape());
        List<Finding> findings = new ArrayList<>(
                new Examination(1, y, inputs, settings.byHand, settings.tolerance, key.fold(2), probe, held)
                        .run(settings.way, settings.directions, yBar));
        if (settings.order == 2) {
            findings.addAll(second(y, yBar, key.fold(3), held));
        }
        return new GradientReport(findings, settings.seed, "", baked(y, yBar), List.copyOf(inputs.keySet()));
    }

    /** Which number of the point stays in the formula. Along one direction what all elements bring to it may cancel, along two not. */
    private String baked(Tensor y, NDArray yBar) {
        String found = baked(y, yBar, RandomKey.of(settings.seed).fold(4));
        return found.isEmpty() ? baked(y, yBar, RandomKey.of(settings.seed).fold(5)) : found;
    }

    private String baked(Tensor y, NDArray yBar, RandomKey key) {
        Rebuilt rebuilt = new Rebuilt(y, inputs.values(), key);
        String found = anew == null ? "" : rebuilt.function(beside -> flat(List.of(anew.apply(beside))));
        return found.isEmpty() && settings.byHand.isEmpty() ? rebuilt.gradient(inputs, Tensor.of(yBar)) : found;
    }

    /** The vjp as a formula of its inputs and its cotangent. */
    private List<Finding> second(Tensor y, NDArray yBar, RandomKey key, Set<Tensor> held) {
        Parameter variable = Parameter.of(yBar);
        Gradients gradients = Gradients.of(y, variable);
        Map<String, Tensor> all = new LinkedHashMap<>(inputs);
        all.put(COTANGENT, variable);
        Tensor first = flat(inputs.values().stream().map(gradients::wrt).toList());
        return new Examination(2, first, all, Map.of(), settings.tolerance, key.fold(1), new Probe(first, held), held)
                .run(settings.way, settings.directions, cotangent(key.fold(2), first.shape()));
    }

    /** What is not the same when it is computed twice. */
    private String differing(Probe probe, Tensor y) {
        Probe again = new Probe(y, Set.of());
        for (int i = 0; i < probe.graph().size(); i++) {
            if (!probe.base(i).equals(again.base(i))) {
                return "two evaluations of " + probe.graph().node(i).describe() + " are "
                        + probe.base(i).numbers() + " and " + again.base(i).numbers();
            }
        }
        NDArray other = new Probe(flat(List.of(results.getLast())), Set.of()).result();
        return probe.result().equals(other)
                ? ""
                : "two calls of the function give " + probe.result().numbers() + " and " + other.numbers();
    }

    /** What a formula declares: its derivative is that of a function in which these numbers stay, or move as another formula does. */
    private static Set<Tensor> declared(Tensor y) {
        return Graph.of(List.of(y)).nodes().stream()
                .filter(node -> node.op() == Unary.STOP_GRADIENT || node.op() == Binary.WITH_DERIVATIVE_OF)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** From ¼ to ¾ on either side: no element is alike another, none is near 0, and none makes a number leave its range. */
    private static NDArray cotangent(RandomKey key, Shape shape) {
        double[] numbers = key.uniform(-1, 1, DType.F64, shape).toDoubles();
        Arrays.setAll(numbers, i -> 0.5 * numbers[i] + Math.copySign(0.25, numbers[i]));
        return NDArray.of(shape, numbers);
    }

    /** All elements one after the other, as f64. */
    private static Tensor flat(List<Tensor> tensors) {
        List<Tensor> parts =
                tensors.stream().map(part -> part.reshape(-1).cast(DType.F64)).toList();
        return parts.size() == 1 ? parts.getFirst() : Tensor.concat(0, parts);
    }

    private GradientCheck checked() {
        Tensor y = results.getFirst();
        inputs.forEach((name, x) -> {
            if (!x.dtype().isFloating()) {
                throw new IllegalArgumentException("gradient check with respect to " + name + ", " + x.describe()
                        + ": integers and truth values have no derivatives");
            }
        });
        if (!y.dtype().isFloating()) {
            throw new IllegalArgumentException("gradient check of " + y.describe()
                    + ": integers and truth values have no derivatives; check what they are computed from");
        }
        if (!settings.byHand.isEmpty()) {
            checkByHand(y);
        }
        return this;
    }

    private void checkByHand(Tensor y) {
        if (y.shape().elements() != 1 || settings.order != 1) {
            throw new IllegalArgumentException("gradients by hand of " + y.describe() + " at order " + settings.order
                    + ": they belong to a single number, and are of order 1");
        }
        if (!settings.byHand.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException("gradients by hand of " + settings.byHand.keySet()
                    + ": there must be one for each input, " + inputs.keySet());
        }
        settings.byHand.forEach((name, gradient) -> {
            Shape shape = inputs.getOrDefault(name, y).shape();
            if (!gradient.shape().equals(shape)) {
                throw new IllegalArgumentException(
                        "gradient by hand of " + name + ", " + gradient.shape() + ": " + name + " has shape " + shape
                                + (gradient.shape().elements() == shape.elements() ? "; transposed?" : ""));
            }
        });
    }

    /** What is checked, and with respect to what. */
    @Override
    public String toString() {
        return "GradientCheck of " + results.stream().map(Tensor::describe).collect(Collectors.joining(", "))
                + " with respect to "
                + inputs.entrySet().stream()
                        .map(input -> input.getKey() + ", " + input.getValue().describe())
                        .collect(Collectors.joining("; "));
    }
}
