package dev.clew.internal.compile.run;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Transfer;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.tensor.ParameterLock;
import dev.clew.internal.tensor.Residence;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A training step that runs: the parameters stay in its memory from step to step. New values are computed beside the old, found
 * finite, and put in place while nobody reads; or nothing changes. If a parameter that the step reads has changed meanwhile,
 * the step is computed again, so that neither change is lost. One run at a time.
 */
public final class StepRunner {
    private static final long NEVER = -1;
    private static final Data NO_DATA = new Data() {
        @Override
        public void store(int slot, MemorySegment memory, MemoryView home) {}

        @Override
        public void loaded(MemorySegment memory, ImmutableList<MemoryView> outputs) {}
    };

    private final ImmutableList<ImmutableList<MemoryView>> leaves;
    private final ImmutableList<MemoryView> outputs;
    private final ImmutableList<StepRecords.Check> checks;
    private final Tape tape;
    private final Tiers tiers;
    private final long footprint;
    private final Instruction[] commits;
    /** By slot; the others are data. */
    private final @Nullable Parameter[] parameters;

    /** By slot, the version of the parameter that its homes hold; of data 0 once it is there. */
    private final long[] seen;

    private final BitSet changes = new BitSet();
    /** Leaves that are written once. */
    private final BitSet fixed;

    private final Residence residence;
    private final MemorySegment memory;
    private final BooleanSupplier attempt = this::attempt;
    private final Supplier<List<NDArray>> numbers = this::numbers;
    private final BooleanSupplier commit = this::commit;
    private Data data = NO_DATA;
    private boolean isDone;

    /** A runner whose memory goes with it. */
    public StepRunner(CompiledProgram code, List<Tensor> tensors, BitSet fixed) {
        this(code, tensors, fixed, Arena.ofAuto().allocate(code.bytes(), MemoryBlock.ALIGNMENT));
    }

    /** A runner in a memory of others, who close it after they have closed the runner. */
    StepRunner(CompiledProgram code, List<Tensor> tensors, BitSet fixed, MemorySegment memory) {
        this.tape = Tape.of(code);
        this.leaves = code.emitted().leaves();
        this.outputs = code.emitted().outputs();
        this.checks = code.emitted().training().checks();
        this.tiers = tape.tiers();
        this.footprint = tape.footprint();
        this.memory = memory;
        tape.begin(memory);
        this.fixed = fixed;
        this.parameters = parameters(tensors);
        this.seen = new long[tensors.size()];
        Arrays.fill(seen, NEVER);
        this.commits = code.emitted().training().commits().stream()
                .map(draft -> draft.maker().make(RecordDraft.Form.PLAIN))
                .toArray(Instruction[]::new);
        Map<Parameter, Supplier<NDArray>> sources = new LinkedHashMap<>();
        for (StepRecords.Update update : code.emitted().training().updates()) {
            MemoryView home = leaves.get(update.slot()).getFirst();
            changes.set(update.slot());
            sources.put((Parameter) tensors.get(update.slot()), () -> home.load(memory));
        }
        this.residence = new Residence(sources);
    }

    private static @Nullable Parameter[] parameters(List<Tensor> tensors) {
        @Nullable Parameter[] parameters = new @Nullable Parameter[tensors.size()];
        for (int slot = 0; slot < parameters.length; slot++) {
            parameters[slot] = tensors.get(slot) instanceof Parameter parameter ? parameter : null;
        }
        return parameters;
    }

    /** One step; false if a value was not finite, and then nothing has changed. Use the outputs before the next step. */
    public synchronized boolean step(Data given) {
        data = given;
        try {
            ParameterLock.untilChanged(attempt);
            return isDone;
        } finally {
            data = NO_DATA;
        }
    }

    /** False if another change of a parameter came first. */
    private boolean attempt() {
        load();
        tape.verify(numbers);
        tiers.run(memory);
        isDone = notFinite() < 0;
        if (isDone) {
            data.loaded(memory, outputs);
        }
        return !isDone || changes.isEmpty() || residence.change(commit);
    }

    /** Brings the leaves' homes up to date, with one state of all parameters. */
    private void load() {
        ParameterLock.mustStay();
        try {
            for (int slot = 0; slot < seen.length; slot++) {
                Parameter parameter = parameters[slot];
                if (parameter == null && fixed.get(slot) && seen[slot] == 0) {
                    continue;
                }
                if (parameter == null) {
                    seen[slot] = 0;
                    for (int place = 0; place < leaves.get(slot).size(); place++) {
                        data.store(slot, memory, leaves.get(slot).get(place));
                    }
                } else if (seen[slot] != parameter.version()) {
                    for (MemoryView place : leaves.get(slot)) {
                        place.store(parameter.value(), memory);
                    }
                    seen[slot] = parameter.version();
                }
            }
        } finally {
            ParameterLock.mayChange();
        }
    }

    /** What a step has loaded, by slot. */
    private List<NDArray> numbers() {
        return leaves.stream().map(places -> places.getFirst().load(memory)).toList();
    }

    /** Nobody steps any more: takes from the memory what parameters still have only there. */
    void close() {
        tiers.stop();
        residence.end();
    }

    /** What it takes of the heap, about. */
    long footprint() {
        return footprint;
    }

    /** How long each record took; empty before the first step. */
    public long[] nanos() {
        return tiers.nanos();
    }

    /** How many records run as vector code. */
    public int vectors() {
        return tiers.vectors();
    }

    /** What a step is given, and who takes its outputs before the parameters change: of the last attempt, if there are several. */
    public interface Data {
        void store(int slot, MemorySegment memory, MemoryView home);

        void loaded(MemorySegment memory, ImmutableList<MemoryView> outputs);
    }

    private boolean commit() {
        for (int slot = 0; slot < seen.length; slot++) {
            Parameter parameter = parameters[slot];
            if (parameter != null && seen[slot] != parameter.version()) {
                return false;
            }
        }
        for (Instruction instruction : commits) {
            instruction.run(memory);
        }
        for (int slot = 0; slot < seen.length; slot++) {
            Parameter parameter = parameters[slot];
            if (parameter != null && changes.get(slot)) {
                seen[slot] = parameter.version() + 1;
            }
        }
        return true;
    }

    /** The first output that was checked in the last step and was not finite; -1 if all were. */
    public int notFinite() {
        for (int i = 0; i < checks.size(); i++) {
            MemoryView sums = checks.get(i).sums();
            if (!Transfer.isZero(
                    memory, sums.address(), sums.type(), sums.shape().elements())) {
                return checks.get(i).output();
            }
        }
        return -1;
    }

    /** What a parameter was in the last step, if that failed: its place keeps it. */
    public NDArray parameter(int slot) {
        return leaves.get(slot).getFirst().load(memory);
    }
}
