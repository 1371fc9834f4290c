package dev.clew.internal.runtime.kernel;

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
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The vectors of a kernel in the order in which they are computed, and until where each is used.
 *
 * <p>A <em>place</em> is the number of a vector in that order, over all passes; every pass begins with a place of no vector. Leaves,
 * masks and what is computed once have no place: they are computed wherever they are used. What is stored has the place of its vector,
 * or that of the last use of what lies where it goes.
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
    private final List<int[]> storePlaces = new ArrayList<>();
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
            number(program.bodies().get(body));
        }
        starts[bodies] = nodes.size();
        lastUse = new int[nodes.size()];
        Arrays.fill(lastUse, NONE);
        for (int body = 0; body < bodies; body++) {
            storePlaces.add(storePlaces(body));
            uses(body);
        }
    }

    /** Gives places to what a pass computes: of rows first, then of columns. */
    private void number(Body body) {
        Int2IntOpenHashMap columns = new Int2IntOpenHashMap();
        columns.defaultReturnValue(NONE);
        columnPlaces.add(columns);
        nodes.add(NONE);
        boolean[] isNeeded = program.needed(body.roots());
        for (Level level : new Level[] {Level.EVERY_ROW, Level.EVERY_COLUMN}) {
            Int2IntOpenHashMap places = level == Level.EVERY_ROW ? rowPlaces : columns;
            for (int node = 0; node < isNeeded.length; node++) {
                if (isNeeded[node] && graph.level(node) == level && hasPlace(node) && !places.containsKey(node)) {
                    places.put(node, nodes.size());
                    nodes.add(node);
                }
            }
        }
    }

    private boolean hasPlace(int node) {
        return !graph.node(node).op().isLeaf() && !graph.isMask(node) && graph.level(node) != Level.ONCE;
    }

    int start(int body) {
        return starts[body];
    }

    /** The end of all places. */
    int end() {
        return nodes.size();
    }

    /** The node at a place, or −1 at the beginning of a pass. */
    int node(int place) {
        return nodes.getInt(place);
    }

    /** The place of a node in a pass, or −1. */
    int place(int node, int body) {
        int row = rowPlaces.get(node);
        return row >= 0 ? row : columnPlaces.get(body).get(node);
    }

    boolean isRow(int place) {
        return node(place) >= 0 && graph.level(node(place)) == Level.EVERY_ROW;
    }

    /** The last place that uses the vector of another; −1 if none does but what is stored there. */
    int lastUse(int place) {
        return lastUse[place];
    }

    int lastUseOfReduced(int value) {
        return lastUseOfReduced.get(value);
    }

    /** The place of a store to columns, by its number in the pass. */
    int storePlace(int body, int store) {
        return storePlaces.get(body)[store];
    }

    int foldPlace(int body, Fold fold) {
        return latest(fold.node(), body);
    }

    /**
     * Tells of the nodes that one is made of, and of itself: {@code place} of those with a place, {@code leaf} of those that are computed
     * where they are used.
     */
    void madeOf(int node, int body, IntConsumer place, IntConsumer leaf) {
        madeOf(node, body, place, leaf, new IntOpenHashSet());
    }

    private void madeOf(int node, int body, IntConsumer place, IntConsumer leaf, IntOpenHashSet told) {
        int own = place(node, body);
        if (own >= 0) {
            place.accept(own);
        } else if (told.add(node)) {
            leaf.accept(node);
            for (int operand : graph.operands(node)) {
                madeOf(operand, body, place, leaf, told);
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- uses

    /** The latest place of what a node is made of. */
    private int latest(int node, int body) {
        int[] latest = {starts[body]};
        madeOf(node, body, place -> latest[0] = Math.max(latest[0], place), _ -> {});
        return latest[0];
    }

    /** Where columns are stored: where they are there, and what they overwrite is needed no more. */
    private int[] storePlaces(int body) {
        List<Store> stores = program.bodies().get(body).columns();
        int[] places = new int[stores.size()];
        Arrays.setAll(places, i -> latest(stores.get(i).node(), body));
        boolean changes = true;
        while (changes) {
            changes = false;
            for (int i = 0; i < places.length; i++) {
                int least = lastLoad(body, program.overwritten(stores.get(i).stream()), places);
                changes |= least > places[i];
                places[i] = Math.max(places[i], least);
            }
        }
        return places;
    }

    /** The last place in a pass that loads one of some streams, if stores have these places. */
    private int lastLoad(int body, IntOpenHashSet streams, int[] places) {
        int[] last = {NONE};
        eachUse(body, places, (node, at) -> {
            if (graph.node(node).op() == Op.LOAD
                    && streams.contains(graph.node(node).a())) {
                last[0] = Math.max(last[0], at);
            }
        });
        return last[0];
    }

    private interface Use {
        void of(int node, int place);
    }

    /** Tells of all that is used in a pass, and where. */
    private void eachUse(int body, int[] places, Use use) {
        Body pass = program.bodies().get(body);
        for (int place = starts[body]; place < starts[body + 1]; place++) {
            int at = place;
            for (int operand : node(place) < 0 ? new int[0] : graph.operands(node(place))) {
                used(operand, body, at, use);
            }
        }
        for (int i = 0; i < places.length; i++) {
            used(pass.columns().get(i).node(), body, places[i], use);
        }
        pass.folds().forEach(fold -> used(fold.node(), body, foldPlace(body, fold), use));
        pass.rows().forEach(store -> used(store.node(), body, starts[body + 1] - 1, use));
    }

    private void used(int node, int body, int at, Use use) {
        madeOf(node, body, place -> use.of(node(place), at), leaf -> use.of(leaf, at));
    }

    private void uses(int body) {
        eachUse(body, storePlaces.get(body), (node, at) -> {
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
