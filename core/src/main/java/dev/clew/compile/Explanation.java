package dev.clew.compile;

import java.util.LinkedHashMap;
import java.util.Map;

/** A compiled program in a page: what became of the operations, the records by kind, and the memory. */
final class Explanation {
    private Explanation() {}

    static String of(Compiler.Code code) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        for (Draft draft : code.drafts()) {
            kinds.merge(draft.text(), 1, Integer::sum);
        }
        StringBuilder text = new StringBuilder();
        text.append(code.program().size())
                .append(" operations became ")
                .append(code.drafts().size())
                .append(" records; ")
                .append(code.emitted().copies())
                .append(" copies; ")
                .append(code.bytes())
                .append(" bytes\n");
        kinds.forEach((kind, count) -> text.append(String.format("%6d × %s%n", count, kind)));
        return text.toString();
    }
}
