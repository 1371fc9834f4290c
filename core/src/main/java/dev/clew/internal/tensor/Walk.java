package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates node after node, each by its operation's own rule, and lets go of a value after its last use. */
public final class Walk implements Evaluator {
    public static final Walk PLAIN = new Walk(true, (node, value) -> {});

    private final boolean startsFromKept;
    private final Map<Tensor, NDArray> given;
    private final Observer observer;

    /** A walk that shows every value on its way, and starts from kept values or computes everything from the sources. */
    public Walk(boolean startsFromKept, Observer observer) {
        this(startsFromKept, Map.of(), observer);
    }

    private Walk(boolean startsFromKept, Map<Tensor, NDArray> given, Observer observer) {
        this.startsFromKept = startsFromKept;
        this.given = given;
        this.observer = observer;
    }

    /** A walk from the sources, of which some have the numbers that are given, and that shows every value on its way. */
    static Walk fromSources(Map<Tensor, NDArray> given, Observer observer) {
        return new Walk(false, given, observer);
    }

    /** A walk from the sources, of which some have the numbers that are given. */
    public static Walk fromSources(Map<Tensor, NDArray> given) {
        return fromSources(given, (node, value) -> {});
    }

    /** Sees every node's value, inputs first, whether it was computed or at hand. */
    @FunctionalInterface
    public interface Observer {
        void see(Tensor node, NDArray value);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        Present.require("evaluate", outputs);
        // Under the lock, so that all that evaluation starts from belongs to one state of the parameters.
        Run run = ParameterLock.whileUnchanged(() -> start(outputs));
        for (int i = 0; i < run.values.length; i++) {
            Tensor node = run.graph.node(i);
            NDArray value = run.values[i];
            if (value == null) {
                value = computed(node, run.inputs(i));
                run.values[i] = value;
            }
            observer.see(node, value);
        }
        return outputs.stream()
                .map(output -> run.value(run.graph.position(output)))
                .toList();
    }

    private static NDArray computed(Tensor node, List<NDArray> inputs) {
        try {
            return node.op().value(node, inputs);
        } catch (RuntimeException error) {
            throw Caller.located(error, node);
        }
    }

    /** Takes what evaluation starts from. */
    private Run start(List<Tensor> outputs) {
        Run run = new Run(startsFromKept ? Graph.toCompute(outputs) : Graph.of(outputs));
        for (int i = 0; i < run.values.length; i++) {
            Tensor node = run.graph.node(i);
            NDArray number = given.get(node);
            if (number != null) {
                run.values[i] = number;
            } else if (startsFromKept || node.op() instanceof Source) {
                run.values[i] = Kept.atHand(node).orElse(null);
            }
        }
        run.countUses(outputs);
        return run;
    }

    @Override
    public String toString() {
        return "Evaluator that walks the graph, node after node" + (startsFromKept ? "" : ", from its sources");
    }

    /** The values of one evaluation, and how often each is still needed. */
    private static final class Run {
        private final Graph graph;
        private final @Nullable NDArray[] values;
        private final int[][] inputs;
        private final int[] uses;

        Run(Graph graph) {
            this.graph = graph;
            this.values = new @Nullable NDArray[graph.size()];
            this.inputs = graph.inputPositions();
            this.uses = new int[graph.size()];
        }

        void countUses(List<Tensor> outputs) {
            for (int i = 0; i < values.length; i++) {
                for (int input = 0; values[i] == null && input < inputs[i].length; input++) {
                    uses[inputs[i][input]]++;
                }
            }
            outputs.forEach(output -> uses[graph.position(output)]++);
        }

        List<NDArray> inputs(int node) {
            NDArray[] taken = new NDArray[inputs[node].length];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = value(inputs[node][i]);
            }
            for (int position : inputs[node]) {
                if (--uses[position] == 0) {
                    values[position] = null;
                }
            }
            return Arrays.asList(taken);
        }

        NDArray value(int position) {
            NDArray value = values[position];
            if (value == null) {
                throw new IllegalStateException(graph.node(position).describe() + " is needed before it is computed");
            }
            return value;
        }
    }
}
