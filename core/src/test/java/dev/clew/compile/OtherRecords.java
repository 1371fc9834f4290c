package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A plan's code with other records than those that were emitted, which the checks must find. */
final class OtherRecords {
    private OtherRecords() {}

    static Compiler.Code of(Compiler.Code code, List<Draft> drafts) {
        return of(code, drafts, code.emitted().training().commits());
    }

    static Compiler.Code of(Compiler.Code code, List<Draft> drafts, List<Draft> commits) {
        Emit.Code old = code.emitted();
        Training end = old.training();
        Emit.Code emitted = new Emit.Code(
                ImmutableList.copyOf(drafts),
                old.leaves(),
                old.outputs(),
                old.literals(),
                old.blocks(),
                old.made(),
                new Training(end.checks(), ImmutableList.copyOf(commits), end.updates()),
                old.copies());
        return new Compiler.Code(code.captured(), code.program(), code.schedule(), emitted, code.bytes());
    }
}
