package dev.clew.internal.compile.run;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Structure;
import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.runtime.Retained;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compiled steps of one rule that are retained, the last used first: the same loop on other data is the same structure, so one
 * comparison finds it.
 */
final class StepCache {
    private final Retained retained;
    private final RecompilationNotice variety;
    private final List<Known> known = new ArrayList<>();

    StepCache(Retained retained, RecompilationNotice variety) {
        this.retained = retained;
        this.variety = variety;
    }

    /** One step; the rule is asked if there is none for a graph of this structure. */
    Optional<List<NDArray>> run(Graph graph, List<Tensor> outputs, Evaluator.Rule rule) {
        Known step = find(graph, outputs);
        if (step == null) {
            step = compiled(graph, outputs, rule);
        }
        try {
            return step.run(graph);
        } catch (RuntimeException error) {
            // The walk goes node by node, so its error names the user's line; a record's would name the record.
            Evaluator.plain().evaluate(outputs);
            throw error;
        } finally {
            retained.release(step);
        }
    }

    /** The step for a graph of this structure, if there is one; it is in use then. */
    private synchronized @Nullable Known find(Graph graph, List<Tensor> outputs) {
        for (int i = 0; i < known.size(); i++) {
            Known step = known.get(i);
            if (step.structure.matches(graph, outputs) && retained.use(step)) {
                if (i > 0) {
                    known.remove(i);
                    known.addFirst(step);
                }
                return step;
            }
        }
        return null;
    }

    private Known compiled(Graph graph, List<Tensor> outputs, Evaluator.Rule rule) {
        Known step = retained.orWithout(
                () -> new Compiling(graph, outputs, Present.given("step", "the rule", rule.of(outputs))).step(this));
        retained.add(step, step.bytes);
        synchronized (this) {
            known.addFirst(step);
        }
        Program program = Capture.withInputs(outputs).program();
        step.print = RecompilationNotice.print(this, program);
        variety.compiled(step.print, program);
        return step;
    }

    /** Nobody asks for them any more. */
    void forget() {
        List<Known> all;
        synchronized (this) {
            all = List.copyOf(known);
        }
        all.forEach(retained::forget);
    }

    private synchronized void remove(Known step) {
        known.remove(step);
    }

    /** A compiled step. */
    private static final class Known extends Retained.Item {
        private final StepCache steps;
        private final Structure structure;
        private final StepRunner trainer;
        private final NativeMemory room;
        /** For every leaf of the step, the node of the loss that it is, or -1 for a number that the rule brought along. */
        private final IntTuple from;
        /** By slot, those; of a graph's own data nothing is kept. */
        private final List<NDArray> numbers;

        private final int wanted;
        private final long bytes;
        private volatile int print;

        Known(StepCache steps, Structure structure, Compiling compiling) {
            this.steps = steps;
            this.structure = structure;
            this.room = NativeMemory.of(compiling.code.bytes());
            this.trainer = compiling.trainer(room.memory());
            this.from = compiling.from;
            this.numbers = compiling.numbers();
            this.wanted = compiling.wanted;
            this.bytes = room.memory().byteSize() + trainer.footprint() + HeapFootprint.ofStructure(structure.size());
        }

        @Override
        protected void drop(boolean makesRoom) {
            steps.remove(this);
            trainer.close();
            room.close();
            if (makesRoom) {
                steps.variety.dropped(print);
            }
        }

        /** A step on the data of a graph that has the structure. */
        Optional<List<NDArray>> run(Graph graph) {
            List<NDArray> values = new ArrayList<>(wanted);
            boolean isDone = trainer.step(new StepRunner.Data() {
                @Override
                public void store(int slot, MemorySegment memory, MemoryView home) {
                    home.store(number(graph, slot), memory);
                }

                @Override
                public void loaded(MemorySegment memory, ImmutableList<MemoryView> outputs) {
                    values.clear();
                    for (MemoryView output : outputs.subList(0, wanted)) {
                        values.add(output.load(memory));
                    }
                }
            });
            // Without a change, nothing in the plan looks at the loss.
            return isDone && NonFinite.allFinite(values.getFirst()) ? Optional.of(values) : Optional.empty();
        }

        private NDArray number(Graph graph, int slot) {
            int position = from.get(slot);
            return position >= 0 && graph.node(position).op() instanceof Source.Constant data
                    ? Capture.handed(data.array())
                    : numbers.get(slot);
        }
    }

    /** A step that is being compiled. */
    private static final class Compiling {
        private final Graph graph;
        private final List<Tensor> outputs;
        private final Capture whole;
        private final int wanted;
        private final IntTuple from;
        private final List<StepRecords.Update> updates = new ArrayList<>();
        private final CompiledProgram code;

        Compiling(Graph graph, List<Tensor> outputs, Evaluator.Change change) {
            this.graph = graph;
            this.outputs = outputs;
            List<Tensor> all = new ArrayList<>(outputs);
            all.addAll(change.reported());
            wanted = all.size();
            all.addAll(change.updates().values());
            whole = Capture.withInputs(all);
            Source.requireNumbers(whole.leaves());
            change.requireReached(Graph.of(all));
            IntArrayList positions = new IntArrayList();
            Map<Tensor, Integer> slots = new HashMap<>();
            for (Tensor leaf : whole.leaves()) {
                slots.put(leaf, slots.size());
                positions.add(graph.position(leaf));
            }
            from = IntTuple.of(positions.toIntArray());
            for (Parameter parameter : change.updates().keySet()) {
                updates.add(new StepRecords.Update(Objects.requireNonNull(slots.get(parameter)), wanted + updates.size()));
            }
            code = Compiler.compile(
                    whole.program(), Compiler.ALL, updates, StepRecords.staying(whole.program(), _ -> false));
        }

        Known step(StepCache steps) {
            steps.retained.makeRoom(code.bytes());
            return new Known(steps, Structure.of(graph, outputs), this);
        }

        StepRunner trainer(MemorySegment memory) {
            return new StepRunner(code, whole.leaves(), updates, new BitSet(), memory);
        }

        List<NDArray> numbers() {
            List<NDArray> numbers = new ArrayList<>();
            for (int slot = 0; slot < from.length(); slot++) {
                numbers.add(from.get(slot) < 0 ? whole.numbers().get(slot) : Capture.NOT_YET);
            }
            return numbers;
        }
    }
}
