package dev.clew.compile;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.clew.tensor.Site;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices a line of the user's program for which plan after plan is compiled, since something that belongs to a plan varies: a
 * length, a batch size, a number. Said once for every line, naming what varies.
 */
final class Variety {
    /** From one line; a training on batches of a few lengths stays below. */
    static final int MANY = 32;

    private static final int MOST_LINES = 1000;

    private final Consumer<String> warning;
    private final Cache<String, Line> lines =
            CacheBuilder.newBuilder().maximumSize(MOST_LINES).build();

    Variety(Consumer<String> warning) {
        this.warning = warning;
    }

    /** How many plans a line has had, and what the last before the many was made of. */
    private static final class Line {
        private int plans;
        private @Nullable Program last;
    }

    /** A plan has been compiled for whoever is asking. */
    synchronized void compiled(Supplier<Program> program) {
        Site site = Site.here();
        if (site.frame().isEmpty()) {
            return;
        }
        Line line = lines.getIfPresent(site.line());
        if (line == null) {
            line = new Line();
            lines.put(site.line(), line);
        }
        line.plans++;
        if (line.plans == MANY - 1) {
            line.last = program.get();
        }
        if (line.plans == MANY && line.last != null) {
            warning.accept(MANY + " plans have been compiled for " + site.line()
                    + ", each for another structure. What varies: " + difference(line.last, program.get())
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
