package dev.clew.nn.optimizer;

import dev.clew.tensor.Graph;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;

/**
 * Notices a state that is carried from step to step as a formula: the graph then holds all history, and every step is slower
 * than the one before. Said once, with the remedy.
 */
final class Growth {
    private static final System.Logger LOG = System.getLogger("dev.clew.nn.optimizer");
    private static final int STEPS = 5;

    private int size;
    private long lastLoss = -1;
    private int grown;
    private boolean said;

    void observe(Graph graph, Tensor loss) {
        boolean larger = graph.size() > size && reachesBack(graph);
        grown = larger ? grown + 1 : 0;
        size = graph.size();
        lastLoss = loss.number();
        if (grown == STEPS && !said) {
            said = true;
            LOG.log(
                    Level.WARNING,
                    "The graph of the loss has grown in {0} steps in a row, to {1} nodes, and reaches back to earlier steps:"
                            + " a state carried as a formula carries its whole history. Carry its numbers instead:"
                            + " var step = sgd.step(loss, h); h = Tensor.of(step.value(h));",
                    STEPS,
                    size);
        }
    }

    /** Whether something was computed, not just given, before the last step. */
    private boolean reachesBack(Graph graph) {
        for (Tensor node : graph.nodes()) {
            if (!(node.op() instanceof Source)) {
                return node.number() < lastLoss;
            }
        }
        return false;
    }
}
