package dev.clew.internal.runtime.kernel;

import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.KernelGraph.Level;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import dev.clew.internal.runtime.kernel.KernelProgram.Body;
import dev.clew.internal.runtime.kernel.KernelProgram.Fold;
import dev.clew.internal.runtime.kernel.KernelProgram.Store;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a kernel in parts, each of so few nodes that C2 makes good code of a method of it. Parts go over the same block of rows or
 * elements one after the other; what a later one needs of an earlier one lies in a buffer that stays in the nearest cache, or where it
 * was stored anyway.
 */
final class KernelParts {
    /** Part of a pass: the places from one to before another. */
    record Piece(int body, int from, int to) {
        boolean has(int place) {
            return from <= place && place < to;
        }
    }

    /** What a piece costs, in vectors that are kept: a loop, and vectors that wait for each other longer. */
    private static final int PIECE = 3;

    private final KernelProgram program;
    private final KernelGraph graph;
    private final KernelUses uses;
    private final Copies copies;
    /** How many nodes a part may have. */
    private final int most;

    private KernelParts(KernelProgram program, Copies copies, int most) {
        this.program = program;
        this.graph = program.graph();
        this.uses = new KernelUses(program);
        this.copies = copies;
        this.most = most;
    }

    /** How often a method has what it does for every column: for whole vectors, and for a rest that fills none. */
    record Copies(int whole, int rest) {
        int all() {
            return whole + rest;
        }
    }

    /** Whether a method of a whole kernel has few enough nodes. */
    static boolean isOne(KernelProgram program, Copies copies) {
        return nodes(program, copies) <= KernelCost.MOST;
    }

    /** About how many nodes C2 makes of a kernel or a part as one method. */
    static int nodes(KernelProgram program, Copies copies) {
        KernelParts parts = new KernelParts(program, copies, KernelCost.MOST);
        int nodes = 0;
        for (int body = 0; body < program.bodies().size(); body++) {
            nodes += parts.cost(parts.whole(body), new Piece(body, 0, parts.uses.end()));
        }
        return nodes;
    }

    /** The parts, in their order, each of so many nodes at most if that is enough for any vector. */
    static List<KernelProgram> of(KernelProgram program, Copies copies, int most) {
        KernelParts parts = new KernelParts(program, copies, most);
        return new KernelPartPrograms(program, parts.uses, parts.parts()).programs();
    }

    private Piece whole(int body) {
        return new Piece(body, uses.start(body), uses.start(body + 1));
    }

    /** Pieces, in order, that share a method: not two of one pass, which are two because they do not fit. */
    private List<List<Piece>> parts() {
        List<List<Piece>> parts = new ArrayList<>();
        int nodes = 0;
        for (int body = 0; body < program.bodies().size(); body++) {
            List<Piece> pieces = pieces(body);
            for (Piece piece : pieces) {
                int own = cost(piece);
                if (parts.isEmpty() || nodes + own > most || piece.from > uses.start(body)) {
                    parts.add(new ArrayList<>());
                    nodes = 0;
                }
                parts.getLast().add(piece);
                nodes += own;
            }
        }
        return parts;
    }

    /** The cheapest way to cut a pass: a piece costs something, and so does what is kept from one to another. */
    private List<Piece> pieces(int body) {
        Piece all = whole(body);
        int length = all.to - all.from;
        int[] kept = kept(all);
        int[] cost = new int[length + 1];
        int[] end = new int[length + 1];
        for (int from = length - 1; from >= 0; from--) {
            cost[from] = Integer.MAX_VALUE;
            boolean fits = true;
            for (int to = from + 1; to <= length && fits; to++) {
                fits = to == from + 1 || cost(new Piece(body, all.from + from, all.from + to)) <= most;
                int own = PIECE + kept[to] + cost[to];
                if (fits && own < cost[from]) {
                    cost[from] = own;
                    end[from] = to;
                }
            }
        }
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        do {
            pieces.add(new Piece(body, all.from + from, all.from + end[from]));
            from = end[from];
        } while (from < length);
        return pieces;
    }

    /** Of every place of a piece, how many vectors are computed before it and used from there on. */
    private int[] kept(Piece piece) {
        int[] kept = new int[piece.to - piece.from + 1];
        for (int place = piece.from; place < piece.to; place++) {
            int last = Math.min(uses.lastUse(place), piece.to - 1);
            if (last > place) {
                kept[place + 1 - piece.from]++;
                kept[last + 1 - piece.from]--;
            }
        }
        Arrays.parallelPrefix(kept, Integer::sum);
        return kept;
    }

    // --------------------------------------------------------------------------------------------------------- cost

    /** About how many nodes C2 makes of a piece by itself. */
    private int cost(Piece piece) {
        return cost(piece, piece);
    }

    /** The same where the places around it, within a piece of all, are computed in the same method. */
    private int cost(Piece piece, Piece around) {
        Counting counting = new Counting(piece, around);
        Body body = program.bodies().get(piece.body);
        for (int place = piece.from; place < piece.to; place++) {
            if (uses.node(place) >= 0) {
                counting.computed(place);
            }
        }
        for (int i = 0; i < body.columns().size(); i++) {
            if (piece.has(uses.storePlace(piece.body, i))) {
                counting.stored(body.columns().get(i));
            }
        }
        for (Fold fold : body.folds()) {
            if (piece.has(uses.foldPlace(fold.value()))) {
                counting.folded(fold);
            }
        }
        for (int i = 0; i < body.rows().size(); i++) {
            if (piece.has(uses.storePlace(piece.body, body.columns().size() + i))) {
                counting.rowStored(body.rows().get(i));
            }
        }
        return counting.nodes;
    }

    private final class Counting {
        private final Piece piece;
        private final Piece around;
        private final IntOpenHashSet leaves = new IntOpenHashSet();
        private final IntOpenHashSet loaded = new IntOpenHashSet();
        private int nodes;

        Counting(Piece piece, Piece around) {
            this.piece = piece;
            this.around = around;
        }

        private int times(boolean isRow) {
            return isRow ? 1 : copies.all();
        }

        void computed(int place) {
            int node = uses.node(place);
            boolean isRow = uses.isRow(place);
            nodes += KernelCost.of(graph.node(node)) * times(isRow);
            if (uses.lastUse(place) >= around.to) {
                nodes += KernelCost.STORE * times(isRow);
            }
            for (int operand : graph.operands(node)) {
                used(operand);
            }
        }

        private void used(int node) {
            uses.madeOf(node, vector -> placed(uses.place(vector, piece.body)), this::leaf);
        }

        private void placed(int place) {
            if (!around.has(place) && loaded.add(place)) {
                nodes += KernelCost.LOAD * times(uses.isRow(place));
            }
        }

        private void leaf(int node) {
            KernelNode leaf = graph.node(node);
            if (leaf.op() == Op.REDUCED) {
                nodes += around.has(uses.foldPlace(leaf.a())) || !leaves.add(node) ? 0 : KernelCost.LOAD;
            } else if (leaves.add(node)) {
                boolean isColumn = graph.level(node) == Level.EVERY_COLUMN;
                nodes += leaf.lanes() == DType.BOOL ? 0 : KernelCost.of(leaf) * times(!isColumn);
            }
        }

        void stored(Store store) {
            nodes += KernelCost.STORE * copies.whole + cut(store) * copies.rest;
            used(store.node());
        }

        void folded(Fold fold) {
            nodes += KernelCost.FOLD * copies.all() + KernelCost.REDUCTION;
            if (uses.lastUseOfReduced(fold.value()) >= around.to) {
                nodes += KernelCost.STORE;
            }
            used(fold.node());
        }

        void rowStored(Store store) {
            nodes += cut(store);
            used(store.node());
        }

        /** A room has place for a whole vector. */
        private int cut(Store store) {
            return store.stream() < program.clusterStreams() ? KernelCost.CUT_STORE : KernelCost.STORE;
        }
    }
}
