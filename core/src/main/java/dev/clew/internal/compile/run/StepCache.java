package dev.clew.internal.compile.run;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Structure;
import dev.clew.internal.runtime.Retained;
import dev.clew.internal.tensor.Sources;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.internal.tensor.StepResult;
import dev.clew.internal.tensor.StepRule;
import dev.clew.internal.tensor.StepValues;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compiled steps of one rule that are retained, the last used first: the same loop on other data is the same structure, so one
 * comparison finds it.
 */
final class StepCache {
    private final Retained retained;
    private final RecompilationNotice notice;
    private final List<Known> known = new ArrayList<>();

    StepCache(Retained retained, RecompilationNotice notice) {
        this.retained = retained;
        this.notice = notice;
    }

    /** One step; the rule is asked if there is none for a graph of this structure. */
    StepResult run(Graph graph, List<Tensor> outputs, StepRule rule) {
        Known step = find(graph, outputs);
        boolean isNew = step == null;
        if (step == null) {
            step = compiled(graph, outputs, rule);
        }
        try {
            return new StepResult(step.run(graph), isNew);
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

    private Known compiled(Graph graph, List<Tensor> outputs, StepRule rule) {
        Known step = retained.orWithout(() -> new Compiling(
                        graph, outputs, StepFormulas.of(outputs, Present.given("step", "the rule", rule.of(outputs))))
                .in(this));
        retained.add(step, step.bytes);
        synchronized (this) {
            known.addFirst(step);
        }
        Program program = Capture.withInputs(outputs).program();
        step.print = RecompilationNotice.print(this, program);
        notice.compiled(step.print, program);
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
        private final StepRunner runner;
        private final NativeMemory room;
        /** For every leaf of the step, the node of the loss that it is, or -1 for a number that the rule brought along. */
        private final IntTuple from;
        /** By slot, those; of a graph's own data nothing is kept. */
        private final List<NDArray> numbers;

        private final StepFormulas formulas;
        private final long bytes;
        private volatile int print;

        Known(StepCache steps, Structure structure, Compiling compiling) {
            this.steps = steps;
            this.structure = structure;
            this.room = NativeMemory.of(compiling.code.bytes());
            this.runner = compiling.runner(room.memory());
            this.from = compiling.from;
            this.numbers = compiling.numbers();
            this.formulas = compiling.step.formulas();
            this.bytes = room.memory().byteSize() + runner.footprint() + HeapFootprint.ofStructure(structure.size());
        }

        @Override
        protected void drop(boolean makesRoom) {
            steps.remove(this);
            runner.close();
            room.close();
            if (makesRoom) {
                steps.notice.dropped(print);
            }
        }

        /** A step on the data of a graph that has the structure. */
        Optional<StepValues> run(Graph graph) {
            List<NDArray> values = new ArrayList<>(formulas.seen());
            boolean isDone = runner.step(new StepRunner.Data() {
                @Override
                public void store(int slot, MemorySegment memory, MemoryView home) {
                    home.store(number(graph, slot), memory);
                }

                @Override
                public void loaded(MemorySegment memory, ImmutableList<MemoryView> outputs) {
                    values.clear();
                    for (MemoryView output : outputs.subList(0, formulas.seen())) {
                        values.add(output.load(memory));
                    }
                }
            });
            // Without a change, nothing in the plan looks at the loss.
            return isDone && NonFinite.allFinite(values.getFirst())
                    ? Optional.of(formulas.values(values))
                    : Optional.empty();
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
        private final StepProgram step;
        private final IntTuple from;
        private final CompiledProgram code;

        Compiling(Graph graph, List<Tensor> outputs, StepFormulas formulas) {
            this.graph = graph;
            this.outputs = outputs;
            Sources.requireNumbers(Graph.of(formulas.all()).nodes());
            this.step = StepProgram.of("step", formulas);
            this.from = IntTuple.of(step.capture().leaves().stream().mapToInt(graph::position));
            this.code =
                    Compiler.compile(step.capture().program(), Compiler.ALL, step.updates(), step.staying(_ -> false));
        }

        Known in(StepCache steps) {
            steps.retained.makeRoom(code.bytes());
            return new Known(steps, Structure.of(graph, outputs), this);
        }

        StepRunner runner(MemorySegment memory) {
            return new StepRunner(code, step.capture().leaves(), new BitSet(), memory);
        }

        List<NDArray> numbers() {
            List<NDArray> numbers = new ArrayList<>();
            for (int slot = 0; slot < from.length(); slot++) {
                numbers.add(from.get(slot) < 0 ? step.capture().numbers().get(slot) : Capture.NOT_YET);
            }
            return numbers;
        }
    }
}
