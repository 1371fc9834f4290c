package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.internal.runtime.kernel.KernelAllocation;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Patience;
import dev.clew.testing.Tries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs training steps into supplied arrays until a thousand of them in a row allocate nothing but the vectors that C2 leaves as objects
 * in methods of more than 18 000 nodes, and fails if that does not come. Plain code allocates its blocks, several times as much.
 */
public final class StepAllocation {
    private static final int RUNS = Tries.times(1000);
    private static final int STEPS = Tries.longer(6);
    /** A few vectors for every step over time; seen were 320 bytes, and 11 000 in plain code. */
    private static final long LEFT = 1024L * STEPS;
    /** So small that no number of steps leads anywhere: a loop over time may have gradients of any size. */
    private static final double RATE = 1e-12;

    private StepAllocation() {}

    public static void main(String[] arguments) {
        for (String name : Nets.all().keySet()) {
            Nets.Net net = Nets.net(name, new Nets(DType.F64, 3), STEPS);
            Gradients gradients = Gradients.of(net.loss());
            Map<Parameter, Tensor> updates = new LinkedHashMap<>();
            for (Parameter parameter : net.parameters()) {
                updates.put(parameter, parameter.minus(gradients.wrt(parameter).times(RATE)));
            }
            requireNone(name, Plan.compile(List.of(net.loss()), updates));
        }
    }

    private static void requireNone(String name, Plan step) {
        List<Object> given = List.of();
        List<Object> results = List.of(new double[1]);
        Patience.await("bytes that a step of " + name + " allocates beyond " + LEFT, () -> {
            long before = KernelAllocation.bytes();
            for (int run = 0; run < RUNS; run++) {
                step.run(given, results);
            }
            return Math.max(0, (KernelAllocation.bytes() - before) / RUNS - LEFT);
        });
    }
}
