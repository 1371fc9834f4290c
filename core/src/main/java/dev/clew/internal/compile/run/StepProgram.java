package dev.clew.internal.compile.run;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.tensor.Parameter;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * A step of training, or formulas that change nothing, as a program to be compiled.
 *
 * @param updates which output is the new value of which leaf
 */
public record StepProgram(StepFormulas formulas, Capture capture, ImmutableList<StepRecords.Update> updates) {

    /**
     * Of some formulas.
     *
     * @param asked what was called, for errors
     */
    public static StepProgram of(String asked, StepFormulas formulas) {
        formulas.requireReached(asked);
        Capture capture = Capture.withInputs(formulas.all());
        ImmutableList.Builder<StepRecords.Update> updates = ImmutableList.builder();
        int output = formulas.seen();
        for (Parameter parameter : formulas.updates().keySet()) {
            updates.add(new StepRecords.Update(capture.leaves().indexOf(parameter), output++));
        }
        return new StepProgram(formulas, capture, updates.build());
    }

    /** The leaves that keep their places from run to run: parameters, and what else stays. */
    public BitSet staying(IntPredicate stays) {
        return StepRecords.staying(capture.program(), stays);
    }
}
