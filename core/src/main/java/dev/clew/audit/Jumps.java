package dev.clew.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Nodes that jump within the reach of differences, and whose jumps no gradient knows: what is rounded. Where a staircase is finer than
 * the steps, the differences are those of its slope from afar, and the gradient is that of a stair.
 */
final class Jumps {
    private final Probe probe;
    private final Tensor x;
    private final int[] dependents;
    private final Set<Tensor> held;

    Jumps(Probe probe, Tensor x, int[] dependents, Set<Tensor> held) {
        this.probe = probe;
        this.x = x;
        this.dependents = dependents;
        this.held = held;
    }

    /** The first node that jumps between the point and one at this distance, on either side. */
    Optional<Tensor> within(Line line, double reach) {
        NDArray[] up = probe.moved(x, dependents, line.at(reach).numbers());
        NDArray[] down = probe.moved(x, dependents, line.at(-reach).numbers());
        for (int position : dependents) {
            Tensor node = probe.graph().node(position);
            if (!held.contains(node) && (jumps(position, node, up) || jumps(position, node, down))) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private boolean jumps(int position, Tensor node, NDArray[] moved) {
        if (node.op() == Binary.REMAINDER) {
            double[] before = multiples(node, probe.base(position), at -> probe.base(at));
            return !Arrays.equals(before, multiples(node, moved[position], at -> moved[at]));
        }
        return isStaircase(node) && !moved[position].equals(probe.base(position));
    }

    /** Comparisons are none: most choose between branches that meet. */
    private static boolean isStaircase(Tensor node) {
        return node.op() == Unary.FLOOR
                || node.op() == Unary.CEIL
                || node.op() == Unary.ROUND
                || (node.op() instanceof Elementwise.Cast cast && cast.to() == DType.I32);
    }

    /** How many times the divisor was taken away for a remainder. */
    private double[] multiples(Tensor node, NDArray remainder, IntFunction<NDArray> values) {
        double[] dividend = values.apply(probe.graph().position(node.input(0))).toDoubles();
        double[] divisor = values.apply(probe.graph().position(node.input(1))).toDoubles();
        double[] left = remainder.toDoubles();
        Arrays.setAll(left, i -> Math.rint((dividend[i] - left[i]) / divisor[i]));
        return left;
    }
}
