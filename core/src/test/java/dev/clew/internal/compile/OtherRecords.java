package dev.clew.internal.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.RecordDraft;
import java.util.List;

/** A plan's code with other records than those that were emitted, which the checks must find. */
final class OtherRecords {
    private OtherRecords() {}

    static CompiledProgram of(CompiledProgram code, List<RecordDraft> drafts) {
        return of(code, drafts, code.emitted().training().commits());
    }

    static CompiledProgram of(CompiledProgram code, List<RecordDraft> drafts, List<RecordDraft> commits) {
        Emitted old = code.emitted();
        StepRecords end = old.training();
        Emitted emitted = new Emitted(
                ImmutableList.copyOf(drafts),
                old.leaves(),
                old.outputs(),
                old.literals(),
                old.blocks(),
                old.made(),
                new StepRecords(end.checks(), ImmutableList.copyOf(commits), end.updates()),
                old.copies());
        return new CompiledProgram(code.captured(), code.program(), code.schedule(), emitted, code.bytes());
    }
}
