package dev.clew.tensor;

import dev.clew.array.NDArray;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates node after node, each by its operation's own rule, and lets go of a value after its last use. */
final class Walk implements Evaluator {
    static final Walk PLAIN = new Walk((node, value) -> {});

    private final Observer observer;

    /** A walk that shows every value it computes. */
    Walk(Observer observer) {
        this.observer = observer;
    }

    /** Sees values as they are computed. */
    @FunctionalInterface
    interface Observer {
        void computed(Tensor node, NDArray value);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        Run run = start(outputs);
        for (int i = 0; i < run.values.length; i++) {
            if (run.values[i] == null) {
                Tensor node = run.graph.node(i);
                NDArray value = node.op().value(node, run.inputs(node));
                observer.computed(node, value);
                run.values[i] = value;
            }
        }
        return outputs.stream().map(run::value).toList();
    }

    /** Takes what evaluation starts from, under the lock, so that all of it belongs to one state of the parameters. */
    private static Run start(List<Tensor> outputs) {
        Parameter.LOCK.readLock().lock();
        try {
            Run run = new Run(Graph.upTo(outputs, Kept::isAtHand));
            for (int i = 0; i < run.values.length; i++) {
                run.values[i] = Kept.atHand(run.graph.node(i)).orElse(null);
            }
            run.countUses(outputs);
            return run;
        } finally {
            Parameter.LOCK.readLock().unlock();
        }
    }

    /** The values of one evaluation, and how often each is still needed. */
    private static final class Run {
        private final Graph graph;
        private final @Nullable NDArray[] values;
        private final int[] uses;

        Run(Graph graph) {
            this.graph = graph;
            this.values = new @Nullable NDArray[graph.size()];
            this.uses = new int[graph.size()];
        }

        void countUses(List<Tensor> outputs) {
            Arrays.fill(uses, 0);
            for (int i = 0; i < values.length; i++) {
                Tensor node = graph.node(i);
                for (int input = 0; values[i] == null && input < node.inputCount(); input++) {
                    uses[graph.position(node.input(input))]++;
                }
            }
            outputs.forEach(output -> uses[graph.position(output)]++);
        }

        List<NDArray> inputs(Tensor node) {
            NDArray[] taken = new NDArray[node.inputCount()];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = value(node.input(i));
            }
            for (int i = 0; i < taken.length; i++) {
                int position = graph.position(node.input(i));
                if (--uses[position] == 0) {
                    values[position] = null;
                }
            }
            return Arrays.asList(taken);
        }

        NDArray value(Tensor node) {
            NDArray value = values[graph.position(node)];
            if (value == null) {
                throw new IllegalStateException(node.describe() + " is needed before it is computed");
            }
            return value;
        }
    }
}
