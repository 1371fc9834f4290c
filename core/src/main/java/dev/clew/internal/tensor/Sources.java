package dev.clew.internal.tensor;

import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/** What there is to say of the sources of a graph before it is evaluated. */
public final class Sources {
    private Sources() {}

    /**
     * Refuses inputs of plans in what a training step computes: nobody hands their numbers over.
     *
     * @throws IllegalStateException if there is one, which it names
     */
    public static void requireNumbers(Collection<Tensor> nodes) {
        for (Tensor node : nodes) {
            if (node.op() instanceof Source.Input input) {
                throw Caller.located(
                        new IllegalStateException("step with the input \"" + input.name() + "\" " + input.shape() + " "
                                + input.type() + " in its graph: an input has numbers only while a plan runs;"
                                + " sgd.compile(loss), then plan.run(Map.of(input, array)); or Tensor.of(array) in its"
                                + " place"),
                        node);
            }
        }
    }

    /** Of some nodes, those with numbers that were drawn at random for one evaluation. */
    public static List<Tensor> drawn(Collection<Tensor> nodes) {
        return nodes.stream()
                .filter(node -> node.op() instanceof Source.Constant constant && constant.isDrawn())
                .toList();
    }
}
