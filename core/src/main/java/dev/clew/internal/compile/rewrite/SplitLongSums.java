package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.compile.program.TreeSum;
import dev.clew.tensor.Elementwise;

/**
 * Sums of many terms as sums of a few, which add in the same order: those that are not added in their order as trees of blocks, and
 * long ones of what loops make as chains, so that terms can be added where they are made, and need not all be there at once.
 */
public final class SplitLongSums {
    /** Terms of a sum that stays as it is. */
    private static final int MOST_TERMS = 12;

    /** Terms that one link of a chain adds; each may be made of two arrays. */
    private static final int TERMS = 6;

    private final Program program;
    private final Rewrite rewrite;
    private final int[] uses;
    private final boolean chains;

    private SplitLongSums(Program program, boolean chains) {
        this.program = program;
        this.rewrite = new Rewrite(program);
        this.uses = program.uses();
        this.chains = chains;
    }

    /**
     * The same program with shorter sums.
     *
     * @param chains whether those that are added in order are cut too
     */
    public static Program of(Program program, boolean chains) {
        SplitLongSums sums = new SplitLongSums(program, chains);
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op() instanceof Elementwise.AddN sum) {
                sums.cut(i, sum);
            }
        }
        return sums.rewrite.build();
    }

    private void cut(int sum, Elementwise.AddN op) {
        Node node = program.node(sum);
        IntTuple terms = node.inputs();
        rewrite.phase(node.phase());
        if (!op.isInOrder(terms.length())) {
            TreeSum blocks = new TreeSum(rewrite);
            for (int from = 0; from < terms.length(); from += Elementwise.AddN.BLOCK) {
                blocks.add(inOrder(terms.between(from, Math.min(from + Elementwise.AddN.BLOCK, terms.length()))));
            }
            rewrite.replace(sum, blocks.total());
        } else if (isLong(terms)) {
            rewrite.replace(sum, chain(terms));
        }
    }

    private int inOrder(IntTuple terms) {
        if (terms.length() == 1) {
            return terms.get(0);
        }
        return isLong(terms) ? chain(terms) : rewrite.sum(terms.toArray());
    }

    private boolean isLong(IntTuple terms) {
        return chains
                && terms.length() > MOST_TERMS
                && terms.stream()
                        .anyMatch(term -> uses[term] == 1 && program.node(term).isElementwise());
    }

    private int chain(IntTuple terms) {
        int sum = terms.get(0);
        for (int from = 1; from < terms.length(); from += TERMS) {
            IntTuple link = IntTuple.of(sum).plus(terms.between(from, Math.min(from + TERMS, terms.length())));
            sum = rewrite.sum(link.toArray());
        }
        return sum;
    }
}
