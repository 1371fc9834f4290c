package dev.clew.compile;

import dev.clew.array.NDArray;
import dev.clew.array.Transfer;
import dev.clew.runtime.Instruction;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A training step that runs: the parameters stay in its memory from step to step. New values are computed beside the old, found
 * finite, and put in place while nobody reads; or nothing changes. One run at a time.
 */
final class Trainer {
    private final Compiler.Code code;
    private final Tape tape;
    private final Instruction[] commits;
    private final List<Tensor> leaves;
    private final @Nullable Object[] seen;
    private final Map<Parameter, Supplier<NDArray>> sources = new LinkedHashMap<>();
    private final MemorySegment memory;

    Trainer(Compiler.Code code, List<Tensor> leaves, List<Training.Update> updates) {
        this.code = code;
        this.tape = Tape.of(code);
        this.leaves = leaves;
        this.seen = new @Nullable Object[leaves.size()];
        this.memory = tape.fresh();
        this.commits = code.emitted().training().commits().stream()
                .map(draft -> draft.maker().make(Draft.Form.PLAIN))
                .toArray(Instruction[]::new);
        for (Training.Update update : updates) {
            View home = code.emitted().leaves().get(update.slot());
            sources.put((Parameter) leaves.get(update.slot()), () -> Fallback.load(memory, home));
        }
    }

    /** One step; nothing if a value was not finite. The numbers of parameters are not looked at: they are here, or fetched. */
    synchronized Optional<List<NDArray>> step(List<NDArray> numbers, int wanted) {
        Parameter.whileUnchanged(() -> {
            take(numbers);
            return true;
        });
        tape.tiers().run(memory);
        if (!isFinite()) {
            return Optional.empty();
        }
        List<NDArray> values = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            values.add(Fallback.load(memory, code.emitted().outputs().get(i)));
        }
        Parameter.changeInPlace(sources, () -> {
            for (Instruction commit : commits) {
                commit.run(memory);
            }
        });
        for (int slot = 0; slot < seen.length; slot++) {
            if (leaves.get(slot) instanceof Parameter parameter && sources.containsKey(parameter)) {
                seen[slot] = parameter.version();
            }
        }
        return Optional.of(values);
    }

    private void take(List<NDArray> numbers) {
        for (int slot = 0; slot < seen.length; slot++) {
            if (leaves.get(slot) instanceof Parameter parameter) {
                Object version = parameter.version();
                if (!version.equals(seen[slot])) {
                    Fallback.store(
                            parameter.value(), memory, code.emitted().leaves().get(slot));
                    seen[slot] = version;
                }
            } else {
                Fallback.store(
                        numbers.get(slot), memory, code.emitted().leaves().get(slot));
            }
        }
    }

    private boolean isFinite() {
        for (View check : code.emitted().training().checks()) {
            if (!Transfer.isZero(
                    memory, Draft.address(check), check.type(), check.shape().elements())) {
                return false;
            }
        }
        return true;
    }
}
