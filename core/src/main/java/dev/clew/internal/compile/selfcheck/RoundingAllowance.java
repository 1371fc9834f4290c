package dev.clew.internal.compile.selfcheck;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Unpick;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far a value may be from what the walk makes of its inputs: a sum may be added in another order, and what is computed from
 * something that may be off itself is off by as much as that makes of it. Everything else is equal to the bit. A bound is infinite
 * where nothing is known: on either side of a jump or a pole, or of a choice between what is equally large.
 */
final class RoundingAllowance {
    /** Of what is exact. */
    static final double[] NONE = {};

    /** Partial sums of any tree, and a margin. */
    private static final int MORE = 16;

    private static final double[] STEPS = {-1, -0.5, 0.5, 1};

    private final Tensor node;
    private final List<NDArray> inputs;
    private final List<double[]> off;
    private final boolean isExact;

    /** Of a node whose inputs may be off by some bounds, element by element. */
    RoundingAllowance(Tensor node, List<NDArray> inputs, List<double[]> off) {
        this.node = node;
        this.inputs = inputs;
        this.isExact = off.stream().allMatch(RoundingAllowance::isZero);
        this.off = isExact ? off : widened(inputs, off);
    }

    private static List<double[]> widened(List<NDArray> inputs, List<double[]> off) {
        List<double[]> wide = new ArrayList<>();
        for (int i = 0; i < off.size(); i++) {
            wide.add(off.get(i).length == 0 ? new double[inputs.get(i).shape().elements()] : off.get(i));
        }
        return wide;
    }

    private static boolean isZero(double[] bounds) {
        return Arrays.stream(bounds).allMatch(bound -> bound == 0);
    }

    /** For every element; {@link #NONE} of what is exact. */
    double[] bounds() {
        boolean isRounded = node.dtype().isFloating() && terms() > (isExact ? 1 : 0);
        if (!isRounded) {
            return isExact ? NONE : carried();
        }
        double[] own = whole(false);
        Arrays.setAll(own, i -> Double.isFinite(own[i]) ? ulps() * own[i] : overflown());
        return isExact ? own : sum(own, carried());
    }

    /** The part of the sum of all magnitudes that rounding may come to. */
    double ulps() {
        return (terms() + MORE) * (node.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52);
    }

    /** Of infinities and NaN the sum is the same in any order; of finite numbers that are too large in sum it is not. */
    private double overflown() {
        boolean isFinite = inputs.stream()
                .flatMapToDouble(input -> Arrays.stream(input.toDoubles()))
                .allMatch(Double::isFinite);
        return isFinite ? Double.POSITIVE_INFINITY : 0;
    }

    /** How many numbers are added to one; 0 if none are. */
    private int terms() {
        return switch (node.op()) {
            case Elementwise.AddN sum -> inputs.size();
            // Chains of these become sums, too.
            case Binary binary when binary == Binary.PLUS || binary == Binary.MINUS -> 2;
            case Elementwise each -> 0;
            case Contraction.MatMul product -> inputs.getFirst().shape().length(product.transposeA() ? -2 : -1);
            case Reduction.Sum sum -> ratio();
            case Reduction extreme -> 0;
            case Place place -> inputs.size();
            case Movement move -> 0;
            case Selection.ScatterAdd rows -> inputs.get(1).shape().elements();
            case Unpick elements -> inputs.get(1).shape().elements();
            case Selection selection -> 0;
            // A sum with factors, in one order.
            case Scan scan -> 1;
            case Custom custom -> 0;
            case Source source -> 0;
        };
    }

    private int ratio() {
        int made = node.shape().elements();
        return made == 0 ? 0 : inputs.getFirst().shape().elements() / made;
    }

    // ------------------------------------------------------------------------------------- what comes from the inputs

    private double[] carried() {
        return switch (node.op()) {
            case Binary binary when isComparison() -> undecided();
            case Elementwise.Where where -> sum(spread(), either());
            case Elementwise each when terms() == 0 -> spread();
            case Elementwise sum -> larger();
            case Movement move -> shown(move);
            case Contraction product -> larger();
            case Scan scan -> larger();
            case Reduction.Sum sum -> larger();
            case Reduction.Max max -> isChoiceKnown() ? spread() : unknown();
            case Reduction.ArgMax choice -> unknown();
            case Selection.ArgSort choice -> unknown();
            case Selection selection -> isChoiceKnown() ? spread() : unknown();
            case Custom custom -> unknown();
            case Source source -> unknown();
        };
    }

    private double[] unknown() {
        double[] unknown = new double[node.shape().elements()];
        Arrays.fill(unknown, Double.POSITIVE_INFINITY);
        return unknown;
    }

    private boolean isChoiceKnown() {
        for (int i = 0; i < off.size(); i++) {
            if (!inputs.get(i).dtype().isFloating() && !isZero(off.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isComparison() {
        return node.dtype() == DType.BOOL && inputs.getFirst().dtype() != DType.BOOL;
    }

    /** Where two numbers are too near to be compared. */
    private double[] undecided() {
        double[] a = inputs.get(0).toDoubles();
        double[] b = inputs.get(1).toDoubles();
        double[] sum = sum(off.get(0), off.get(1));
        Arrays.setAll(sum, i -> sum[i] == 0 || Math.abs(a[i] - b[i]) > sum[i] ? 0 : Double.POSITIVE_INFINITY);
        return sum;
    }

    /** Where it is not known which of two is taken, the other is off by its own bound too. */
    private double[] either() {
        double[] condition = off.get(0);
        double[] sum = sum(off.get(1), off.get(2));
        Arrays.setAll(sum, i -> condition[i] > 0 ? sum[i] : 0);
        return sum;
    }

    /** What a sum of products is more with factors that are as large as they may be. */
    private double[] larger() {
        return apart(whole(true), whole(false));
    }

    /** Bounds go where the elements go; where several are added, they are too. */
    private double[] shown(Movement move) {
        List<NDArray> moved = new ArrayList<>();
        for (int i = 0; i < off.size(); i++) {
            moved.add(NDArray.of(inputs.get(i).shape(), off.get(i)));
        }
        Tensor stub = move.on(moved.stream()
                .map(each -> new Source.Input("", each.shape(), DType.F64).on())
                .toArray(Tensor[]::new));
        return move.value(stub, moved).toDoubles();
    }

    /** The sum of the magnitudes of all terms, whose factors are as large as they may be if asked. */
    private double[] whole(boolean isLarger) {
        List<NDArray> positive = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            double[] more = off.get(i);
            int sign = i == 1 && node.op() == Binary.MINUS ? -1 : 1;
            positive.add(changed(inputs.get(i), (at, x) -> sign * (Math.abs(x) + (isLarger ? more[at] : 0))));
        }
        return value(positive);
    }

    /** How far the value moves when inputs do, one by one, up and down; twice that. */
    private double[] spread() {
        double[] here = value(inputs);
        double[] sum = new double[here.length];
        for (int i = 0; i < off.size(); i++) {
            double[] bound = off.get(i);
            if (!isZero(bound)) {
                double[] most = new double[here.length];
                if (inputs.get(i).dtype() == DType.I32) {
                    return unknown();
                }
                for (double step : STEPS) {
                    most = max(most, apart(value(replaced(i, (at, x) -> x + step * bound[at])), here));
                }
                // There is a pole or a jump most often.
                most = max(most, apart(value(replaced(i, (at, x) -> Math.abs(x) <= bound[at] ? 0 : x)), here));
                sum = sum(sum, sum(most, most));
            }
        }
        if (!node.dtype().isFloating()) {
            double[] moved = sum;
            Arrays.setAll(moved, i -> moved[i] == 0 ? 0 : Double.POSITIVE_INFINITY);
        }
        return sum;
    }

    /** A change of an element, by its place. */
    @FunctionalInterface
    private interface Change {
        double of(int at, double x);
    }

    private List<NDArray> replaced(int at, Change change) {
        List<NDArray> others = new ArrayList<>(inputs);
        others.set(at, changed(inputs.get(at), change));
        return others;
    }

    /** A truth value that is changed at all is the other one. */
    private static NDArray changed(NDArray x, Change change) {
        if (x.dtype() == DType.I32) {
            return x;
        }
        double[] numbers = x.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            double other = change.of(i, numbers[i]);
            numbers[i] = x.dtype().isFloating() || other == numbers[i] ? other : 1 - numbers[i];
        }
        return NDArray.of(x.shape(), numbers).cast(x.dtype());
    }

    private double[] value(List<NDArray> of) {
        return node.op().value(node, of).toDoubles();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static double[] max(double[] a, double[] b) {
        double[] max = new double[a.length];
        Arrays.setAll(max, i -> Math.max(a[i], b[i]));
        return max;
    }

    /** Infinite if one of two is no number. */
    private static double[] apart(double[] a, double[] b) {
        double[] apart = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            double distance = Math.abs(a[i] - b[i]);
            apart[i] =
                    FormulaWalk.isSame(a[i], b[i]) ? 0 : Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
        }
        return apart;
    }
}
