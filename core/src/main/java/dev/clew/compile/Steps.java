package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The compiled steps of one rule, the last used first: the same loop on other data is the same structure, so one comparison
 * finds it.
 */
final class Steps {
    /** Different structures that one rule trains: lengths and batch sizes. */
    private static final int MOST = 128;

    private final List<Known> known = new ArrayList<>();

    /** The step for a graph of this structure, if there is one. */
    synchronized Optional<Known> find(Graph graph, List<Tensor> outputs) {
        for (int i = 0; i < known.size(); i++) {
            Known step = known.get(i);
            if (step.structure.matches(graph, outputs)) {
                if (i > 0) {
                    known.remove(i);
                    known.addFirst(step);
                }
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    synchronized void add(Known step) {
        if (known.size() == MOST) {
            known.removeLast();
        }
        known.addFirst(step);
    }

    /**
     * A compiled step.
     *
     * @param from for every leaf of the step, the node of the loss that it is, or -1 for a number that the rule brought along
     * @param numbers those
     */
    record Known(Structure structure, Trainer trainer, ImmutableIntArray from, List<NDArray> numbers, int wanted) {
        static Known of(Graph graph, List<Tensor> outputs, Evaluator.Rule rule) {
            Evaluator.Change change = rule.of(outputs);
            List<Tensor> all = new ArrayList<>(outputs);
            all.addAll(change.reported());
            int wanted = all.size();
            all.addAll(change.updates().values());
            Capture whole = Capture.withInputs(all);
            Source.requireNumbers(whole.leaves());
            ImmutableIntArray.Builder from = ImmutableIntArray.builder();
            Map<Tensor, Integer> slots = new HashMap<>();
            for (Tensor leaf : whole.leaves()) {
                slots.put(leaf, slots.size());
                from.add(graph.position(leaf));
            }
            List<Training.Update> updates = new ArrayList<>();
            for (Parameter parameter : change.updates().keySet()) {
                updates.add(new Training.Update(slots.getOrDefault(parameter, -1), wanted + updates.size()));
            }
            Compiler.Code code = Compiler.compile(
                    whole.program(), Compiler.ALL, updates, Training.staying(whole.program(), _ -> false));
            Trainer trainer = new Trainer(code, whole.leaves(), updates, new BitSet());
            return new Known(Structure.of(graph, outputs), trainer, from.build(), whole.numbers(), wanted);
        }

        /** A step on the data of a graph that has the structure. */
        Optional<List<NDArray>> run(Graph graph) {
            List<NDArray> values = new ArrayList<>(wanted);
            boolean isDone = trainer.step(new Trainer.Data() {
                @Override
                public void store(int slot, MemorySegment memory, View home) {
                    Fallback.store(number(graph, slot), memory, home);
                }

                @Override
                public void loaded(MemorySegment memory, ImmutableList<View> outputs) {
                    values.clear();
                    for (View output : outputs.subList(0, wanted)) {
                        values.add(Fallback.load(memory, output));
                    }
                }
            });
            return isDone ? Optional.of(values) : Optional.empty();
        }

        private NDArray number(Graph graph, int slot) {
            int position = from.get(slot);
            return position >= 0 && graph.node(position).op() instanceof Source.Constant data
                    ? Capture.handed(data.array())
                    : numbers.get(slot);
        }
    }
}
