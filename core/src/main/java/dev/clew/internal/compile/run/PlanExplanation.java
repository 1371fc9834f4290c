package dev.clew.internal.compile.run;

import com.google.common.base.Strings;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** A compiled program in a page: what was merged, fused, placed and kept, and the records by kind with their times. */
public final class PlanExplanation {
    /** The kinds that a page has room for. */
    private static final int MOST_KINDS = 40;

    private static final double HUNDRED = 100;

    private final CompiledProgram code;
    private final long[] measured;
    private final int vectors;

    private PlanExplanation(CompiledProgram code, long[] measured, int vectors) {
        this.code = code;
        this.measured = measured;
        this.vectors = vectors;
    }

    /**
     * Explains a program.
     *
     * @param measured nanoseconds by record; empty if nothing has run
     * @param vectors how many records run as vector code by now
     */
    public static String of(CompiledProgram code, long[] measured, int vectors) {
        return new PlanExplanation(code, measured, vectors).text();
    }

    /** Equal records. */
    private static final class Kind {
        private final String text;
        private int count;
        private double predicted;
        private double measured;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        double predicted() {
            return predicted;
        }

        double measured() {
            return measured;
        }
    }

    private String text() {
        Program before = code.captured();
        Program after = code.program();
        StringBuilder text = new StringBuilder();
        line(text, "plan", before.size() + " operations became " + code.drafts().size() + " records");
        line(
                text,
                "merged",
                count(before, Node::isMatrixProduct) + " matrix products became "
                        + count(after, Node::isMatrixProduct));
        line(
                text,
                "fused",
                count(after, Node::isElementwise) + " elementwise operations in " + code.loops() + " loops");
        line(text, "placed", code.emitted().copies() + " copies left to run");
        line(text, "kept", kept());
        line(text, "forms", vectors + " records run as vector code, the others as plain code");
        records(text);
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String said) {
        text.append(Strings.padEnd(what, 8, ' ')).append(said).append('\n');
    }

    private static int count(Program program, Predicate<Node> which) {
        int count = 0;
        for (int node = 0; node < program.size(); node++) {
            count += which.test(program.node(node)) ? 1 : 0;
        }
        return count;
    }

    private String kept() {
        long all = 0;
        for (MemoryBlock block : code.emitted().blocks()) {
            all += block.bytes();
        }
        return code.emitted().blocks().size() + " values of " + bytes(all) + " share " + bytes(code.bytes())
                + " of memory";
    }

    private static String bytes(long bytes) {
        return bytes < 10_000
                ? bytes + " bytes"
                : bytes < 10_000_000
                        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private void records(StringBuilder text) {
        boolean hasRun = measured.length > 0;
        List<Kind> kinds = new ArrayList<>(kinds());
        kinds.sort(Comparator.comparingDouble(hasRun ? Kind::measured : Kind::predicted)
                .reversed());
        double all = kinds.stream().mapToDouble(Kind::measured).sum();
        text.append(hasRun ? "   count  at peak   measured   of all  record\n" : "   count  at peak  record\n");
        for (Kind kind : kinds.subList(0, Math.min(MOST_KINDS, kinds.size()))) {
            text.append(String.format(Locale.ROOT, "%8d %8s", kind.count, micros(kind.predicted)));
            if (hasRun) {
                text.append(String.format(
                        Locale.ROOT, "   %8s  %5.1f %%", micros(kind.measured), HUNDRED * kind.measured / all));
            }
            text.append("  ").append(kind.text()).append('\n');
        }
        if (kinds.size() > MOST_KINDS) {
            text.append("     and ").append(kinds.size() - MOST_KINDS).append(" other kinds of record\n");
        }
        double predicted = kinds.stream().mapToDouble(Kind::predicted).sum();
        text.append(String.format(Locale.ROOT, "%8d %8s", code.drafts().size(), micros(predicted)));
        text.append(hasRun ? String.format(Locale.ROOT, "   %8s  %5.1f %%", micros(all), HUNDRED) : "")
                .append("  all, in microseconds\n");
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e3);
    }

    private Collection<Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (int record = 0; record < code.drafts().size(); record++) {
            RecordDraft draft = code.drafts().get(record);
            Kind kind = kinds.computeIfAbsent(draft.text(), Kind::new);
            kind.count++;
            kind.predicted += draft.nanos();
            kind.measured += measured.length > 0 ? measured[record] : 0;
        }
        return kinds.values();
    }
}
