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
import java.util.function.DoubleUnaryOperator;

/**
 * How far a value may be from what the walk makes of its inputs: a sum may be added in another order, and what is computed from such
 * a sum before the plan has it in memory differs by as much as that makes of it. Everything else is equal to the bit.
 */
final class Allowance {
    /** Partial sums of any tree, and a margin. */
    private static final int MORE = 16;

    private final Tensor node;
    private final List<NDArray> inputs;
    private final double[] bounds;

    /** Of a node whose inputs may be off by these bounds. */
    Allowance(Tensor node, List<NDArray> inputs, double... bounds) {
        this.node = node;
        this.inputs = inputs;
        this.bounds = bounds;
    }

    double bound() {
        boolean isExact = Arrays.stream(bounds).allMatch(bound -> bound == 0);
        int terms = terms();
        if (!node.dtype().isFloating() || (isExact && terms == 0)) {
            return isExact ? 0 : spread();
        }
        if (terms == 0 && !(node.op() instanceof Scan)) {
            return spread();
        }
        double[] whole = whole(new double[bounds.length]);
        double size = largest(whole);
        double ulp = node.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52;
        double own = terms > 1 ? (terms + MORE) * ulp * size : 0;
        return isExact ? own : own + more(whole) + (terms + MORE) * ulp * size;
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

    /** What the largest errors make of a sum of products, all with one sign. */
    private double more(double[] whole) {
        return apart(whole(bounds), whole);
    }

    /** The sum of the magnitudes of all terms, whose factors are larger by these. */
    private double[] whole(double... by) {
        List<NDArray> larger = new ArrayList<>();
        for (int i = 0; i < by.length; i++) {
            double more = by[i];
            int sign = i == 1 && node.op() == Binary.MINUS ? -1 : 1;
            larger.add(changed(inputs.get(i), x -> sign * (Math.abs(x) + more)));
        }
        return value(larger);
    }

    /** How far the value moves when inputs do, one by one, up and down; twice that. */
    private double spread() {
        double[] here = value(inputs);
        double sum = 0;
        for (int i = 0; i < bounds.length; i++) {
            double bound = bounds[i];
            if (bound > 0) {
                double up = apart(value(replaced(i, x -> x + bound)), here);
                double down = apart(value(replaced(i, x -> x - bound)), here);
                sum += 2 * Math.max(up, down);
            }
        }
        return sum;
    }

    private List<NDArray> replaced(int at, DoubleUnaryOperator change) {
        List<NDArray> others = new ArrayList<>(inputs);
        others.set(at, changed(inputs.get(at), change));
        return others;
    }

    private static NDArray changed(NDArray x, DoubleUnaryOperator change) {
        return x.dtype().isFloating()
                ? NDArray.of(x.shape(), Arrays.stream(x.toDoubles()).map(change).toArray())
                        .cast(x.dtype())
                : x;
    }

    private double[] value(List<NDArray> of) {
        return node.op().value(node, of).toDoubles();
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).max().orElse(0);
    }

    private static double apart(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, a[i] == b[i] || (Double.isNaN(a[i]) && Double.isNaN(b[i])) ? 0 : Math.abs(a[i] - b[i]));
        }
        return Double.isNaN(most) ? Double.POSITIVE_INFINITY : most;
    }
}
