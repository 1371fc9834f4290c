package dev.clew.compile;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.tensor.Elementwise;

/**
 * Sums of many terms as chains of sums of a few, which add in the same order: so terms that loops make can be added where they are
 * made, and need not all be there at once.
 */
final class LongSums {
    /** Terms of a sum that stays as it is. */
    private static final int MOST_TERMS = 12;

    /** Terms that one link of a chain adds; each may be made of two arrays. */
    private static final int TERMS = 6;

    private LongSums() {}

    static Program of(Program program) {
        Rewrite rewrite = new Rewrite(program);
        int[] uses = program.uses();
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            boolean isLong = node.op() instanceof Elementwise.AddN
                    && node.inputs().length() > MOST_TERMS
                    && node.inputs().stream()
                            .anyMatch(term ->
                                    uses[term] == 1 && program.node(term).isElementwise());
            if (isLong) {
                rewrite.phase(node.phase());
                rewrite.replace(i, chain(rewrite, node));
            }
        }
        return rewrite.build();
    }

    private static int chain(Rewrite rewrite, Node node) {
        ImmutableIntArray terms = node.inputs();
        int sum = terms.get(0);
        for (int from = 1; from < terms.length(); from += TERMS) {
            int[] link = ImmutableIntArray.builder()
                    .add(sum)
                    .addAll(terms.subArray(from, Math.min(from + TERMS, terms.length())))
                    .build()
                    .toArray();
            sum = rewrite.add(node.op(), node.shape(), node.type(), link);
        }
        return sum;
    }
}
