package dev.clew.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
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
 * How far a value may be from what the walk makes of its inputs: a sum may be added in another order, and what is computed from such
 * a sum before the plan has it in memory differs by as much as that makes of it. Everything else is equal to the bit.
 */
final class Allowance {
    /** Partial sums of any tree, and a margin. */
    private static final int MORE = 16;

    private final Tensor node;
    private final List<NDArray> inputs;
    private final List<double[]> bounds;

    /** Of a node whose inputs may be off by these bounds, element by element. */
    Allowance(Tensor node, List<NDArray> inputs, List<double[]> bounds) {
        this.node = node;
        this.inputs = inputs;
        this.bounds = bounds;
    }

    /** For every element. */
    double[] bounds() {
        boolean isExact = bounds.stream().allMatch(Allowance::isZero);
        int terms = node.dtype().isFloating() ? terms() : 0;
        if (terms == 0 && (isExact || !(node.op() instanceof Scan))) {
            return isExact ? new double[node.shape().elements()] : spread();
        }
        double[] whole = whole(false);
        double[] own = new double[whole.length];
        double ulp = (terms + MORE) * (node.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52);
        Arrays.setAll(own, i -> isExact && terms < 2 ? 0 : sure(ulp * whole[i]));
        return isExact ? own : sum(own, apart(whole(true), whole));
    }

    static boolean isZero(double[] bounds) {
        return Arrays.stream(bounds).allMatch(bound -> bound == 0);
    }

    private static double sure(double bound) {
        return Double.isNaN(bound) ? Double.POSITIVE_INFINITY : bound;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
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
            case Movement.Place place -> inputs.size();
            case Movement move -> 0;
            case Selection.ScatterAdd rows -> inputs.get(1).shape().elements();
            case Selection.Unpick elements -> inputs.get(1).shape().elements();
            case Selection selection -> 0;
            case Scan scan -> 0;
            case Custom custom -> 0;
            case Source source -> 0;
        };
    }

    private int ratio() {
        int made = node.shape().elements();
        return made == 0 ? 0 : inputs.getFirst().shape().elements() / made;
    }

    /** The sum of the magnitudes of all terms, whose factors are as large as they may be if asked. */
    private double[] whole(boolean isLarger) {
        List<NDArray> positive = new ArrayList<>();
        for (int i = 0; i < bounds.size(); i++) {
            double[] more = bounds.get(i);
            int sign = i == 1 && node.op() == Binary.MINUS ? -1 : 1;
            positive.add(changed(inputs.get(i), (at, x) -> sign * (Math.abs(x) + (isLarger ? more[at] : 0))));
        }
        return value(positive);
    }

    /** How far the value moves when inputs do, one by one, up and down; twice that. */
    private double[] spread() {
        double[] here = value(inputs);
        double[] sum = new double[here.length];
        for (int i = 0; i < bounds.size(); i++) {
            double[] bound = bounds.get(i);
            if (!isZero(bound)) {
                double[] up = apart(value(replaced(i, (at, x) -> x + bound[at])), here);
                double[] down = apart(value(replaced(i, (at, x) -> x - bound[at])), here);
                sum = sum(sum, sum(up, down));
                sum = sum(sum, sum(up, down));
            }
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

    private static NDArray changed(NDArray x, Change change) {
        if (!x.dtype().isFloating()) {
            return x;
        }
        double[] numbers = x.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = change.of(i, numbers[i]);
        }
        return NDArray.of(x.shape(), numbers).cast(x.dtype());
    }

    private double[] value(List<NDArray> of) {
        return node.op().value(node, of).toDoubles();
    }

    private static double[] apart(double[] a, double[] b) {
        double[] apart = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            boolean isSame = a[i] == b[i] || (Double.isNaN(a[i]) && Double.isNaN(b[i]));
            apart[i] = isSame ? 0 : sure(Math.abs(a[i] - b[i]));
        }
        return apart;
    }
}
