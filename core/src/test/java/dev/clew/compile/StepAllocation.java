package dev.clew.compile;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.runtime.KernelAllocation;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs training steps into supplied arrays until a thousand of them in a row allocate nothing, and fails if that does not come. */
public final class StepAllocation {
    private static final int RUNS = Tries.times(1000);
    private static final Collection<String> USUAL = List.of("LSTM", "minimal gated unit with layer norm");
    /** So small that no number of steps leads anywhere: a loop over time may have gradients of any size. */
    private static final double RATE = 1e-12;

    private StepAllocation() {}

    public static void main(String[] arguments) {
        for (String name : Tries.FACTOR == 1 ? USUAL : Nets.all().keySet()) {
            Nets.Net net = Nets.net(name, new Nets(DType.F64, 3), Tries.longer(6));
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
        KernelAllocation.awaitNone(RUNS + " steps of " + name, () -> {
            for (int run = 0; run < RUNS; run++) {
                step.run(given, results);
            }
        });
    }
}
