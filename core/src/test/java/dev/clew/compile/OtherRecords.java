package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A plan's code with other records than those that were emitted, which the checks must find. */
final class OtherRecords {
    private OtherRecords() {}

    static CompiledProgram of(CompiledProgram code, List<Draft> drafts) {
        return of(code, drafts, code.emitted().training().commits());
    }

    static CompiledProgram of(CompiledProgram code, List<Draft> drafts, List<Draft> commits) {
        Emitted old = code.emitted();
        Training end = old.training();
        Emitted emitted = new Emitted(
                ImmutableList.copyOf(drafts),
                old.leaves(),
                old.outputs(),
                old.literals(),
                old.blocks(),
                old.made(),
                new Training(end.checks(), ImmutableList.copyOf(commits), end.updates()),
                old.copies());
        return new CompiledProgram(code.captured(), code.program(), code.schedule(), emitted, code.bytes());
    }
}
