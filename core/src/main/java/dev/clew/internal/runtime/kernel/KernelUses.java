package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import dev.clew.internal.runtime.kernel.KernelGraph.Level;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import dev.clew.internal.runtime.kernel.KernelProgram.Body;
import dev.clew.internal.runtime.kernel.KernelProgram.Fold;
import dev.clew.internal.runtime.kernel.KernelProgram.Store;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The vectors of a kernel in the order in which they are computed, and until where each is used.
 *
 * <p>A <em>place</em> is the number of a vector in that order, over all passes; every pass begins with a place of no vector. Leaves,
 * and masks have no place: they are computed wherever they are used. What is computed once is taken for a row's. What is much code has a place of its own: a
 * fold, and what is stored once a row or is not the first store of its vector. What is stored may have the place of the last use of
 * what lies where it goes instead.
 */
final class KernelUses {
    private static final int NONE = -1;

    private final KernelProgram program;
    private final KernelGraph graph;
    private final IntArrayList nodes = new IntArrayList();
    /** By pass, its first place; then the end. */
    private final int[] starts;
    /** By node, the place of a row's vector; by pass and node, that of a column's. */
    private final Int2IntOpenHashMap rowPlaces = new Int2IntOpenHashMap();

    private final List<Int2IntOpenHashMap> columnPlaces = new ArrayList<>();
    /** By pass and number of a store, of columns first, then of rows. */
    private final List<int[]> storePlaces = new ArrayList<>();
    /** By reduction. */
    private final Int2IntOpenHashMap foldPlaces = new Int2IntOpenHashMap();

    private final int[] lastUse;
    /** By reduction. */
    private final Int2IntOpenHashMap lastUseOfReduced = new Int2IntOpenHashMap();

    KernelUses(KernelProgram program) {
        this.program = program;
        this.graph = program.graph();
        rowPlaces.defaultReturnValue(NONE);
        lastUseOfReduced.defaultReturnValue(NONE);
        int bodies = program.bodies().size();
        starts = new int[bodies + 1];
        for (int body = 0; body < bodies; body++) {
            starts[body] = nodes.size();
            number(body);
        }
        starts[bodies] = nodes.size();
        lastUse = new int[nodes.size()];
        Arrays.fill(lastUse, NONE);
        for (int body = 0; body < bodies; body++) {
            behindLoads(body);
            uses(body);
        }
    }

    /** Gives places to what a pass computes, of rows first, then of columns, each with what is done with it; then to what is stored once a row. */
    private void number(int body) {
        Body pass = program.bodies().get(body);
        Int2IntOpenHashMap columns = new Int2IntOpenHashMap();
        columns.defaultReturnValue(NONE);
        columnPlaces.add(columns);
        int[] places = new int[pass.columns().size() + pass.rows().size()];
        storePlaces.add(places);
        ListMultimap<Integer, Fold> folds = Multimaps.index(pass.folds(), fold -> lastVector(fold.node()));
        ListMultimap<Integer, Integer> stores = ArrayListMultimap.create();
        for (int store = 0; store < pass.columns().size(); store++) {
            stores.put(lastVector(pass.columns().get(store).node()), store);
        }
        nodes.add(NONE);
        numberWhatIsDone(folds.get(NONE), stores.get(NONE), places);
        boolean[] isNeeded = program.needed(pass.roots());
        for (boolean isColumn : new boolean[] {false, true}) {
            for (int node = 0; node < isNeeded.length; node++) {
                if (isNeeded[node] && isColumn(node) == isColumn && hasPlace(node) && !rowPlaces.containsKey(node)) {
                    (isColumn ? columns : rowPlaces).put(node, nodes.size());
                    nodes.add(node);
                    numberWhatIsDone(folds.get(node), stores.get(node), places);
                }
            }
        }
        for (int store = pass.columns().size(); store < places.length; store++) {
            places[store] = nodes.size();
            nodes.add(NONE);
        }
    }

    private void numberWhatIsDone(List<Fold> folds, List<Integer> stores, int[] places) {
        for (int store : stores) {
            if (store != stores.getFirst()) {
                nodes.add(NONE);
            }
            places[store] = nodes.size() - 1;
        }
        for (Fold fold : folds) {
            foldPlaces.put(fold.value(), nodes.size());
            nodes.add(NONE);
        }
    }

    /** Which vector of a pass that is being numbered is the last of those that a node is made of; −1 if there are none. */
    private int lastVector(int node) {
        Comparator<Integer> order = Comparator.comparing(this::isColumn).thenComparing(Comparator.naturalOrder());
        int[] last = {NONE};
        madeOf(
                node,
                vector -> {
                    if (!rowPlaces.containsKey(vector)) {
                        last[0] = last[0] < 0 || order.compare(vector, last[0]) > 0 ? vector : last[0];
                    }
                },
                _ -> {});
        return last[0];
    }

    private boolean hasPlace(int node) {
        return !graph.node(node).op().isLeaf() && !graph.isMask(node);
    }

    private boolean isColumn(int node) {
        return graph.level(node) == Level.EVERY_COLUMN;
    }

    int start(int body) {
        return starts[body];
    }

    /** The end of all places. */
    int end() {
        return nodes.size();
    }

    /** The node at a place, or −1 if no vector is computed there. */
    int node(int place) {
        return nodes.getInt(place);
    }

    /** The place of a node in a pass, or −1. */
    int place(int node, int body) {
        int row = rowPlaces.get(node);
        return row >= 0 ? row : columnPlaces.get(body).get(node);
    }

    boolean isRow(int place) {
        return node(place) >= 0 && !isColumn(node(place));
    }

    /** The last place that uses the vector of another; −1 if none does but what is stored there. */
    int lastUse(int place) {
        return lastUse[place];
    }

    int lastUseOfReduced(int value) {
        return lastUseOfReduced.get(value);
    }

    /** The place of a store, by its number in the pass: of columns first, then of rows. */
    int storePlace(int body, int store) {
        return storePlaces.get(body)[store];
    }

    /** The place where a reduction is folded. */
    int foldPlace(int value) {
        return foldPlaces.get(value);
    }

    /**
     * Tells of the nodes that one is made of, and of itself: {@code vector} of those with a place, {@code leaf} of those that are computed
     * where they are used.
     */
    void madeOf(int node, IntConsumer vector, IntConsumer leaf) {
        madeOf(node, vector, leaf, new IntOpenHashSet());
    }

    private void madeOf(int node, IntConsumer vector, IntConsumer leaf, IntOpenHashSet told) {
        if (hasPlace(node)) {
            vector.accept(node);
        } else if (told.add(node)) {
            leaf.accept(node);
            for (int operand : graph.operands(node)) {
                madeOf(operand, vector, leaf, told);
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- uses

    /** Moves stores to where what they overwrite is needed no more. */
    private void behindLoads(int body) {
        int[] places = storePlaces.get(body);
        boolean changes = true;
        while (changes) {
            changes = false;
            for (int i = 0; i < places.length; i++) {
                int least = lastLoad(body, program.overwritten(store(body, i).stream()));
                changes |= least > places[i];
                places[i] = Math.max(places[i], least);
            }
        }
    }

    private Store store(int body, int number) {
        Body pass = program.bodies().get(body);
        int columns = pass.columns().size();
        return number < columns ? pass.columns().get(number) : pass.rows().get(number - columns);
    }

    /** The last place in a pass that loads one of some streams. */
    private int lastLoad(int body, IntOpenHashSet streams) {
        int[] last = {NONE};
        eachUse(body, (node, at) -> {
            boolean isLoad =
                    graph.node(node).op() == Op.LOAD || graph.node(node).op() == Op.LOAD_ROW;
            if (isLoad && streams.contains(graph.node(node).a())) {
                last[0] = Math.max(last[0], at);
            }
        });
        return last[0];
    }

    private interface Use {
        void of(int node, int place);
    }

    /** Tells of all that is used in a pass, and where. */
    private void eachUse(int body, Use use) {
        Body pass = program.bodies().get(body);
        for (int place = starts[body]; place < starts[body + 1]; place++) {
            int at = place;
            for (int operand : node(place) < 0 ? new int[0] : graph.operands(node(place))) {
                used(operand, at, use);
            }
        }
        for (int i = 0; i < storePlaces.get(body).length; i++) {
            used(store(body, i).node(), storePlace(body, i), use);
        }
        pass.folds().forEach(fold -> used(fold.node(), foldPlace(fold.value()), use));
    }

    private void used(int node, int at, Use use) {
        madeOf(node, vector -> use.of(vector, at), leaf -> use.of(leaf, at));
    }

    private void uses(int body) {
        eachUse(body, (node, at) -> {
            int place = place(node, body);
            if (place >= 0 && place != at) {
                lastUse[place] = Math.max(lastUse[place], at);
            } else if (graph.node(node).op() == Op.REDUCED) {
                lastUseOfReduced.put(
                        graph.node(node).a(),
                        Math.max(at, lastUseOfReduced(graph.node(node).a())));
            }
        });
    }
}
