package dev.clew.internal.compile.run;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.selfcheck.SelfCheck;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;

/**
 * Which values the walk gives, because nobody has asked for the like before: a plan of what is evaluated once takes longer to compile
 * than the walk takes. Asked for again, it is compiled.
 *
 * <p>The second answer must have the bits of the first. So the walk serves only where no plan adds terms in another order: one that
 * merges sums has at least two products, sums along an axis, or additions by index.
 */
final class FirstLook {
    private static final int MOST_REMEMBERED = 10_000;
    /** Multiplications and elements of a node, in the mean, beyond which a plan's faster products and loops are worth their compilation. */
    private static final long LITTLE = 2048;

    private final Cache<Integer, Boolean> seen =
            CacheBuilder.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** Whether to walk a program, of which nobody has a plan. */
    boolean isWalked(Program program) {
        if (SelfCheck.IS_ON || seen.asMap().putIfAbsent(program.hashCode(), true) != null) {
            return false;
        }
        return isLittle(program) && keepsItsBits(program);
    }

    /** Whether every plan of a program gives the bits that the walk gives. */
    static boolean keepsItsBits(Program program) {
        int mergeable = 0;
        for (int i = 0; i < program.size(); i++) {
            if (isRewritten(program, program.node(i))) {
                return false;
            }
            mergeable += isMergeable(program, program.node(i)) ? 1 : 0;
        }
        return mergeable < 2;
    }

    /** Rows of a matrix that one-hot rows choose are the product's only without NaN; products with joined parameters may be one. */
    private static boolean isRewritten(Program program, Node node) {
        return node.op() instanceof Selection.OneHot
                || (node.op() instanceof Movement.Concat
                        && node.inputs().stream()
                                .allMatch(part -> program.node(part).isParameter()));
    }

    private static boolean isMergeable(Program program, Node node) {
        return switch (node.op()) {
            case Contraction.MatMul product ->
                product.transposeB() || !program.node(node.input(1)).isParameter();
            case Contraction _, Reduction.Sum _, Selection.ScatterAdd _ -> true;
            case Elementwise _, Reduction _, Scan _, Movement _, Selection _, Source _, Custom _ -> false;
        };
    }

    private static boolean isLittle(Program program) {
        long work = 0;
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            if (node.isComputed()) {
                long each = node.op() instanceof Contraction
                        ? program.node(node.input(0)).shape().length(-1)
                        : 1;
                work += each * node.shape().elements();
            }
        }
        return work <= LITTLE * program.size();
    }
}
