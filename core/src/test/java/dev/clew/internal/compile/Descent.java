package dev.clew.internal.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Transfer;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.run.StepRunner;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Steps of gradient descent on a network as one program: every parameter changes but the last.
 *
 * @param capture the loss and the last state, then the new values
 */
record Descent(Capture capture, List<Parameter> parameters, List<StepRecords.Update> updates) {
    /** What a memory is filled with where nothing is in use: eight or four of these are NaN. */
    private static final byte NAN = (byte) 0xFF;

    private static final double RATE = 0.01;

    static Descent of(Nets.Net net) {
        List<Tensor> outputs = new ArrayList<>(net.values());
        List<Parameter> changing = net.parameters().subList(0, net.parameters().size() - 1);
        Gradients gradients = Gradients.of(net.loss());
        changing.forEach(parameter ->
                outputs.add(parameter.minus(gradients.wrt(parameter).times(RATE))));
        Capture capture = Capture.withInputs(outputs);
        List<StepRecords.Update> updates = new ArrayList<>();
        for (Parameter parameter : changing) {
            updates.add(new StepRecords.Update(
                    capture.leaves().indexOf(parameter), net.values().size() + updates.size()));
        }
        return new Descent(capture, net.parameters(), updates);
    }

    /** The slots of leaves that keep their places: all parameters. */
    BitSet staying() {
        return StepRecords.staying(capture.program(), _ -> false);
    }

    CompiledProgram compiled() {
        return compiled(staying());
    }

    CompiledProgram compiled(BitSet staying) {
        return Compiler.compile(capture.program(), Compiler.ALL, updates, staying);
    }

    /** All parameters after some steps of a trainer; between steps the memory is shown. */
    List<NDArray> trained(CompiledProgram code, int steps, Consumer<MemorySegment> between) {
        StepRunner trainer = new StepRunner(code, capture.leaves(), new BitSet());
        List<MemorySegment> seen = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            boolean isDone = trainer.step(new StepRunner.Data() {
                @Override
                public void store(int slot, MemorySegment memory, MemoryView home) {
                    home.store(capture.numbers().get(slot), memory);
                }

                @Override
                public void loaded(MemorySegment memory, ImmutableList<MemoryView> outputs) {
                    seen.add(memory);
                }
            });
            if (!isDone) {
                throw new ArithmeticException("step " + step + " is not finite");
            }
            between.accept(seen.getLast());
        }
        return parameters.stream().map(Parameter::value).toList();
    }

    /** The same on a memory of one's own, in a form of choice. */
    List<NDArray> byHand(
            CompiledProgram code, int steps, Consumer<MemorySegment> run, Consumer<MemorySegment> between) {
        Emitted emitted = code.emitted();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(code.bytes(), 64).fill(NAN);
            emitted.literals().forEach(literal -> literal.store(memory));
            for (int step = 0; step < steps; step++) {
                store(emitted, step == 0, memory);
                run.accept(memory);
                for (StepRecords.Check check : emitted.training().checks()) {
                    MemoryView sums = check.sums();
                    if (!Transfer.isZero(
                            memory, sums.address(), sums.type(), sums.shape().elements())) {
                        throw new ArithmeticException("step " + step + " is not finite");
                    }
                }
                for (RecordDraft commit : emitted.training().commits()) {
                    commit.maker().make(RecordDraft.Form.PLAIN).run(memory);
                }
                between.accept(memory);
            }
            return parameters.stream()
                    .map(parameter -> emitted.leaves()
                            .get(capture.leaves().indexOf(parameter))
                            .getFirst()
                            .load(memory))
                    .toList();
        }
    }

    /** Data before every step, parameters before the first. */
    private void store(Emitted emitted, boolean isFirst, MemorySegment memory) {
        for (int slot = 0; slot < capture.leaves().size(); slot++) {
            boolean isParameter = capture.leaves().get(slot) instanceof Parameter;
            NDArray numbers = capture.leaves().get(slot) instanceof Parameter parameter
                    ? parameter.value()
                    : capture.numbers().get(slot);
            for (MemoryView place : isFirst || !isParameter ? emitted.leaves().get(slot) : List.<MemoryView>of()) {
                place.store(numbers, memory);
            }
        }
    }

    /** Fills with NaN all but the blocks where parameters and the program's numbers are. */
    void poison(CompiledProgram code, MemorySegment memory) {
        List<MemoryView> kept = new ArrayList<>();
        code.emitted().literals().forEach(literal -> kept.add(literal.view()));
        for (Parameter parameter : parameters) {
            kept.addAll(code.emitted().leaves().get(capture.leaves().indexOf(parameter)));
        }
        MemorySegment before = MemorySegment.ofArray(memory.toArray(ValueLayout.JAVA_BYTE));
        memory.fill(NAN);
        for (MemoryView view : kept) {
            MemoryBlock block = view.block();
            MemorySegment.copy(before, block.base(), memory, block.base(), block.bytes());
        }
    }
}
