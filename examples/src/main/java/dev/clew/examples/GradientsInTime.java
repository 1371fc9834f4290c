package dev.clew.examples;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.clew.array.NDArray;
import dev.clew.gradient.Derivatives;
import dev.clew.gradient.Gradients;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A look inside: how long the gradient of a loss is with respect to each of the two states after every step, and how the loss bends.
 *
 * @param fast |∂L/∂h| after each step
 * @param memory |∂L/∂m| after each step
 * @param curvature gᵀHg / gᵀg with the gradient g and the Hessian H of the loss with respect to wm: along g, plain descent goes down
 *     farthest with the rate 1/curvature, if that is positive
 */
record GradientsInTime(ImmutableDoubleArray fast, ImmutableDoubleArray memory, double curvature) {
    /** Where the bars begin. */
    static final int INDENT = 12;

    private static final String BARS = " ▁▂▃▄▅▆▇█";

    /** All of it computed together. */
    static GradientsInTime of(CustomCell.Network network, Sequences.Batch batch) {
        Run<SurpriseCell.State> run = network.over(batch);
        Tensor loss = network.loss(batch, run);
        Gradients gradients = Gradients.of(loss);
        List<Tensor> wanted = new ArrayList<>();
        run.states().forEach(state -> wanted.add(gradients.wrt(state.h()).norm()));
        run.states().forEach(state -> wanted.add(gradients.wrt(state.m()).norm()));
        Parameter wm = network.cell().wm();
        Tensor g = gradients.wrt(wm);
        Tensor bent = Derivatives.hvp(loss, wm, g);
        wanted.add(bent.times(g).sum().div(g.square().sum()));
        double[] numbers =
                Tensor.values(wanted).stream().mapToDouble(NDArray::item).toArray();
        int steps = run.states().size();
        ImmutableDoubleArray all = ImmutableDoubleArray.copyOf(numbers);
        return new GradientsInTime(
                all.subArray(0, steps).trimmed(), all.subArray(steps, 2 * steps).trimmed(), numbers[2 * steps]);
    }

    /** What part of the gradient by the last memory there is by that after a step. */
    double kept(int step) {
        return memory.get(step) / memory.get(memory.length() - 1);
    }

    /** Bars as high as the gradients, the highest as high as a line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "  |dL/dh_t| %s%n  |dL/dm_t| %s%n  curvature along the gradient of wm: %.3g",
                bars(fast),
                bars(memory),
                curvature);
    }

    private static String bars(ImmutableDoubleArray lengths) {
        double largest = lengths.stream().max().orElse(0);
        StringBuilder bars = new StringBuilder();
        lengths.forEach(length -> bars.append(BARS.charAt((int) Math.ceil((BARS.length() - 1) * length / largest))));
        return bars.append(String.format(Locale.ROOT, "  at most %.2g", largest))
                .toString();
    }
}
