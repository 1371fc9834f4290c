package dev.clew.nn.optimizer;

import dev.clew.tensor.Graph;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.System.Logger.Level;

/**
 * Notices a state that is carried from step to step as a formula: the graph then holds all history, and every step is slower
 * than the one before. Said once, with the remedy.
 *
 * <p>What tells it from honest growth, of longer and longer sequences say, is how much was computed in earlier steps: a
 * carried formula brings more of it every time. What was built before the first step, features or whole losses, does not
 * count.
 */
final class Growth {
    private static final System.Logger LOG = System.getLogger("dev.clew.nn.optimizer");
    private static final int STEPS = 5;

    private long firstStep = -1;
    private long lastStep = -1;
    private int history;
    private int grown;
    private boolean said;

    /** Looks at all that a step computes, of which {@code newest} is the node made last. */
    void observe(Graph graph, Tensor newest) {
        int older = history(graph);
        grown = older > history ? grown + 1 : 0;
        history = older;
        passed(newest);
        if (grown == STEPS && !said) {
            said = true;
            LOG.log(
                    Level.WARNING,
                    "The graph of the loss, now {1} nodes, has held more and more of earlier steps for {0} steps in a row:"
                            + " a state carried as a formula carries its whole history. Carry its numbers instead:"
                            + " var step = sgd.step(loss, h); h = Tensor.of(step.value(h));",
                    STEPS,
                    graph.size());
        }
    }

    /** Notes a step whose graph is like that of one before it, so that it has not grown. */
    void observeNone(Tensor newest) {
        grown = 0;
        passed(newest);
    }

    private void passed(Tensor newest) {
        firstStep = firstStep < 0 ? newest.number() : firstStep;
        lastStep = newest.number();
    }

    /** How many nodes were made, other than as data, between the first step and the last. */
    private int history(Graph graph) {
        int count = 0;
        for (Tensor node : graph.nodes()) {
            boolean made = node.number() > firstStep && node.number() < lastStep;
            count += made && !(node.op() instanceof Source) ? 1 : 0;
        }
        return count;
    }
}
