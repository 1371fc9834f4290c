package dev.clew.internal.compile.remat;

import dev.clew.internal.array.BlockSum;
import dev.clew.internal.compile.program.Literals;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.compile.program.TreeSum;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Reduction;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/** One sum made in phases: in each the terms that are there by then, on top of those before, always in the order of the sum. */
final class SumInPhases {
    /** The partial sums of a sum of rows: of every sixteenth row each. */
    private static final int PARTIALS = BlockSum.PARTIALS;

    /** Terms added by one record. */
    private static final int MOST_TERMS = 12;

    private final Program program;
    private final Rewrite rewrite;
    private final Node node;
    private final PartialSums.Sum sum;

    SumInPhases(Program program, Rewrite rewrite, PartialSums sums, int at) {
        this.program = program;
        this.rewrite = rewrite;
        this.node = program.node(at);
        PartialSums.Sum found = sums.of(at);
        if (found == null) {
            throw new IllegalArgumentException(node.describe() + " is not a sum of several terms");
        }
        this.sum = found;
    }

    /** Terms {@code from .. to − 1}, in one phase. */
    private record Run(int from, int to, int phase) {}

    /**
     * Adds the sum to a program.
     *
     * @param made where a node is in that program
     * @param phaseOf when all that a term is made of is there
     */
    int make(IntUnaryOperator made, ToIntFunction<int[]> phaseOf) {
        List<Run> runs = runs(phaseOf);
        boolean isRows = node.op() instanceof Reduction.Sum;
        if (isRows && runs.size() > 1) {
            return rows(made, runs);
        }
        if (sum.cuts().length > 0) {
            return along(made, runs);
        }
        return tensors(made, runs);
    }

    private List<Run> runs(ToIntFunction<int[]> phaseOf) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        int phase = phaseOf.applyAsInt(sum.parts().getFirst());
        for (int term = 1; term < sum.terms(); term++) {
            int next = phaseOf.applyAsInt(sum.parts().get(term));
            if (next > phase) {
                runs.add(new Run(from, term, phase));
                from = term;
                phase = next;
            }
        }
        runs.add(new Run(from, sum.terms(), phase));
        return runs;
    }

    private int tensors(IntUnaryOperator made, List<Run> runs) {
        boolean isInOrder = ((Elementwise.AddN) node.op()).isInOrder(sum.terms());
        int block = isInOrder ? sum.terms() : Elementwise.AddN.BLOCK;
        TreeSum blocks = new TreeSum(rewrite);
        IntArrayList open = new IntArrayList();
        for (Run run : runs) {
            rewrite.phase(run.phase);
            for (int term = run.from; term < run.to; term++) {
                open.add(made.applyAsInt(sum.parts().get(term)[0]));
                if ((term + 1) % block == 0 || term + 1 == sum.terms()) {
                    blocks.add(added(open));
                    open.clear();
                }
            }
            if (!open.isEmpty()) {
                int begun = added(open);
                open.clear();
                open.add(begun);
            }
        }
        return blocks.total();
    }

    /** Terms added in their order. */
    private int added(IntArrayList terms) {
        return terms.size() == 1
                ? terms.getInt(0)
                : rewrite.add(new Elementwise.AddN(true), node.shape(), node.type(), terms.toIntArray());
    }

    private int along(IntUnaryOperator made, List<Run> runs) {
        BlocksInPhases blocks = new BlocksInPhases(program, rewrite, node, sum, made);
        for (Run run : runs) {
            rewrite.phase(run.phase);
            blocks.goOn(sum.cuts()[run.to]);
        }
        return blocks.total();
    }

    // -------------------------------------------------------------------------------------------------------- rows

    /**
     * Sums of rows go on from phase to phase as the sum of the whole blocks so far and the partial sums of the open one, which every
     * sixteenth row is added to.
     */
    private int rows(IntUnaryOperator made, List<Run> runs) {
        Rows rows = new Rows();
        TreeSum blocks = new TreeSum(rewrite);
        int taken = 0;
        for (Run run : runs) {
            rewrite.phase(run.phase);
            for (int part : PartialSums.parts(program.node(node.input(0)), sum.cuts()[run.from], sum.cuts()[run.to])) {
                int from = 0;
                int whole = made.applyAsInt(part);
                int count = rewrite.node(whole).shape().length(0);
                while (from < count) {
                    int length = Math.min(BlockSum.BLOCK - taken, count - from);
                    rows.take(length == count ? whole : rewrite.slice(whole, 0, from, length));
                    taken += length;
                    from += length;
                    if (taken == BlockSum.BLOCK) {
                        blocks.add(block(rows));
                        rows = new Rows();
                        taken = 0;
                    }
                }
            }
            rows.add();
        }
        if (taken > 0) {
            blocks.add(block(rows));
        }
        return blocks.total();
    }

    private int block(Rows rows) {
        rows.add();
        return rewrite.add(node.op(), node.shape(), node.type(), rows.partials());
    }

    /** Rows taken one after the other, added sixteen by sixteen. */
    private final class Rows {
        private final IntArrayList pieces = new IntArrayList();
        private final IntArrayList terms = new IntArrayList();
        private int filled;

        Rows() {
            terms.add(-1);
        }

        void take(int part) {
            int count = rewrite.node(part).shape().length(0);
            int from = 0;
            while (from < count) {
                int length = Math.min(PARTIALS - filled, count - from);
                pieces.add(length == count ? part : rewrite.slice(part, 0, from, length));
                filled += length;
                from += length;
                if (filled == PARTIALS) {
                    terms.add(together());
                    if (terms.size() == MOST_TERMS) {
                        add();
                    }
                }
            }
        }

        private int together() {
            int all = pieces.size() == 1 ? pieces.getInt(0) : rewrite.concat(0, pieces.toIntArray());
            pieces.clear();
            filled = 0;
            return all;
        }

        /** Adds what is complete. */
        void add() {
            if (terms.size() == 1) {
                return;
            }
            if (terms.getInt(0) < 0) {
                terms.set(0, zeros(rewrite.node(terms.getInt(1))));
            }
            int total = sum(terms.toIntArray());
            terms.clear();
            terms.add(total);
        }

        /** The partial sums; those that no further row belongs to stay as they are. */
        int partials() {
            int total = terms.getInt(0);
            if (filled == 0) {
                return total;
            }
            int rest = filled;
            int last = together();
            if (total < 0) {
                return last;
            }
            int begun = sum(rewrite.slice(total, 0, 0, rest), last);
            return rewrite.concat(0, begun, rewrite.slice(total, 0, rest, PARTIALS - rest));
        }

        private int sum(int... all) {
            return rewrite.sum(all);
        }

        private int zeros(Node like) {
            int zero = rewrite.add(Literals.node(0, like.type()));
            return rewrite.broadcast(zero, like.shape());
        }
    }
}
