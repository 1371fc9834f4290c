package dev.clew.internal.compile.run;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.runtime.Retained;
import dev.clew.internal.tensor.Caller;
import dev.clew.tensor.Site;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a line of the user's program for which plan after plan is compiled, since something that belongs to a plan varies: a
 * length, a batch size, a number. Said once for every line, naming what varies. Another thing is a plan that is compiled again and
 * again since it had to make room for others: said once, with what to do about it.
 */
public final class RecompilationNotice {
    /** From one line; a training on batches of a few lengths stays below. */
    public static final int MANY = 32;
    /** Plans that were dropped and are wanted again. */
    public static final int AGAIN = 10;

    private static final int MOST_LINES = 1000;
    private static final int MOST_DROPPED = 10_000;
    private static final int MEGABYTE = 1 << 20;

    private final Retained retained;
    private final Consumer<String> warning;
    private final Cache<String, Line> lines =
            CacheBuilder.newBuilder().maximumSize(MOST_LINES).build();

    private final Cache<Integer, Boolean> dropped =
            CacheBuilder.newBuilder().maximumSize(MOST_DROPPED).build();

    private int again;
    private long compilations;

    public RecompilationNotice(Retained retained, Consumer<String> warning) {
        this.retained = retained;
        this.warning = warning;
    }

    /** Which structures a line has had, until they are many, and the last before. */
    private static final class Line {
        private final IntOpenHashSet structures = new IntOpenHashSet();
        private @Nullable Program last;
    }

    /** What tells a program of somebody from others, nearly always. */
    public static int print(Object owner, Program program) {
        return 31 * System.identityHashCode(owner) + program.hashCode();
    }

    /** A plan has been dropped to make room for others. */
    public void dropped(int print) {
        dropped.put(print, true);
    }

    /** A plan has been compiled for whoever is asking. */
    public synchronized void compiled(int print, Program program) {
        compilations++;
        Site site = Caller.site();
        if (dropped.getIfPresent(print) != null) {
            dropped.invalidate(print);
            compiledAgain(site);
        }
        if (site.frame().isPresent()) {
            compiled(site.line(), program);
        }
    }

    public synchronized long compilations() {
        return compilations;
    }

    private void compiledAgain(Site site) {
        again++;
        if (again == AGAIN) {
            warning.accept(
                    AGAIN + " plans have been dropped and compiled again, the last for " + site.line()
                            + ": together, plans that are kept to be used again may take " + retained.limit() / MEGABYTE
                            + " MB, and the structures in use need more. Compiling takes longer than running: allow more,"
                            + " -Dclew.memory=" + 2 * Retained.setting() / MEGABYTE
                            + "m for twice as much as now (half of -Xmx is the default), or use fewer lengths and batch sizes.");
        }
    }

    private void compiled(String at, Program program) {
        Line line = lines.getIfPresent(at);
        if (line == null) {
            line = new Line();
            lines.put(at, line);
        }
        if (line.structures.size() == MANY || !line.structures.add(program.hashCode())) {
            return;
        }
        if (line.structures.size() == MANY - 1) {
            line.last = program;
        }
        if (line.structures.size() == MANY && line.last != null) {
            warning.accept(MANY + " plans have been compiled for " + at
                    + ", each for another structure. What varies: " + difference(line.last, program)
                    + ". Lengths, batch sizes and the numbers 0, ±1, ½ and 2 belong to a plan; keep them few: put sequences"
                    + " of like lengths together, or pad them to a few lengths.");
            line.last = null;
        }
    }

    private static String difference(Program before, Program now) {
        if (before.size() != now.size()) {
            return "the number of operations, " + before.size() + " and then " + now.size();
        }
        for (int i = 0; i < now.size(); i++) {
            if (!before.node(i).equals(now.node(i))) {
                return difference(before.node(i), now.node(i));
            }
        }
        return "which tensors are asked for, or which parameters they are made of";
    }

    private static String difference(Node before, Node now) {
        if (before.isLeaf() && now.isLeaf()) {
            return "the shape or type of data, " + text(before) + " and then " + text(now);
        }
        return before.isLiteral() && now.isLiteral()
                ? "a number, " + before.literal().numbers() + " and then "
                        + now.literal().numbers()
                : "an operation, " + before.op() + " and then " + now.op();
    }

    private static String text(Node leaf) {
        return leaf.shape() + " " + leaf.type();
    }
}
