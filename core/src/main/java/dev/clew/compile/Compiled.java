package dev.clew.compile;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates through plans. */
public final class Compiled implements Evaluator {
    /** Different structures that one rule trains: lengths and batch sizes. */
    private static final int MOST_STEPS = 128;

    private final Plans plans;
    /** By rule, for as long as somebody holds it. */
    private final Cache<Rule, Cache<Structure, Known>> steps =
            CacheBuilder.newBuilder().weakKeys().build();

    /** For whoever looks for an evaluator as a service. */
    public Compiled() {
        this(Compiler.ALL);
    }

    Compiled(Set<Pass> passes) {
        this.plans = new Plans(passes);
    }

    @Override
    public List<NDArray> evaluate(List<Tensor> outputs) {
        Capture capture = Capture.of(outputs);
        try {
            return plans.tape(capture.program()).run(capture.numbers());
        } catch (RuntimeException error) {
            // The walk goes node by node, so its error names the user's line; a plan's would name a record.
            Evaluator.plain().evaluate(outputs);
            throw error;
        }
    }

    @Override
    public Optional<List<NDArray>> step(List<Tensor> outputs, Rule rule) {
        Capture forward = Capture.withInputs(outputs);
        List<Tensor> parameters =
                forward.leaves().stream().filter(Parameter.class::isInstance).toList();
        Cache<Structure, Known> known = cache(rule);
        Structure structure = new Structure(forward.program(), parameters);
        Known step = known.getIfPresent(structure);
        if (step == null) {
            step = Known.of(forward, outputs, rule);
            known.put(structure, step);
        }
        return step.step(forward);
    }

    private synchronized Cache<Structure, Known> cache(Rule rule) {
        Cache<Structure, Known> found = steps.getIfPresent(rule);
        if (found == null) {
            found = CacheBuilder.newBuilder().maximumSize(MOST_STEPS).build();
            steps.put(rule, found);
        }
        return found;
    }

    /** What makes two steps of one rule the same but for their data. */
    private record Structure(Program program, List<Tensor> parameters) {}

    /**
     * A compiled step.
     *
     * @param from for every leaf of the step, the leaf of the loss that it is, or -1 for a number that the rule brought along
     * @param numbers those
     */
    private record Known(Trainer trainer, ImmutableIntArray from, List<NDArray> numbers, int wanted) {
        static Known of(Capture forward, List<Tensor> outputs, Rule rule) {
            Change change = rule.of(outputs);
            List<Tensor> all = new ArrayList<>(outputs);
            all.addAll(change.reported());
            int wanted = all.size();
            all.addAll(change.updates().values());
            Capture whole = Capture.withInputs(all);
            Map<Tensor, Integer> known = new HashMap<>();
            for (int i = 0; i < forward.leaves().size(); i++) {
                known.put(forward.leaves().get(i), i);
            }
            ImmutableIntArray.Builder from = ImmutableIntArray.builder();
            whole.leaves().forEach(leaf -> from.add(known.getOrDefault(leaf, -1)));
            List<Training.Update> updates = new ArrayList<>();
            for (Parameter parameter : change.updates().keySet()) {
                updates.add(new Training.Update(whole.leaves().indexOf(parameter), wanted + updates.size()));
            }
            Compiler.Code code = Compiler.compile(
                    whole.program(), Compiler.ALL, updates, Training.staying(whole.program(), _ -> false));
            return new Known(
                    new Trainer(code, whole.leaves(), updates, new BitSet()), from.build(), whole.numbers(), wanted);
        }

        Optional<List<NDArray>> step(Capture forward) {
            List<NDArray> values = new ArrayList<>(wanted);
            boolean isDone = trainer.step(new Trainer.Data() {
                @Override
                public void store(int slot, MemorySegment memory, View home) {
                    int leaf = from.get(slot);
                    Fallback.store(
                            leaf < 0 ? numbers.get(slot) : forward.numbers().get(leaf), memory, home);
                }

                @Override
                public void loaded(MemorySegment memory, ImmutableList<View> outputs) {
                    for (View output : outputs.subList(0, wanted)) {
                        values.add(Fallback.load(memory, output));
                    }
                }
            });
            return isDone ? Optional.of(values) : Optional.empty();
        }
    }
}
