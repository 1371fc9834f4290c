package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import dev.clew.internal.runtime.kernel.KernelParts.Piece;
import dev.clew.internal.runtime.kernel.KernelProgram.Body;
import dev.clew.internal.runtime.kernel.KernelProgram.Fold;
import dev.clew.internal.runtime.kernel.KernelProgram.Store;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Makes programs of the parts of a kernel, and finds room for what one leaves to another. */
final class KernelPartPrograms {
    private static final int NONE = -1;

    private final KernelProgram whole;
    private final KernelGraph graph;
    private final KernelUses uses;
    private final List<List<Piece>> parts;
    /** Of every place, and then of every reduction, the stream behind those of the cluster in which it is kept, or −1. */
    private final int[] kept;

    private final int[] partOf;
    private final int[] partOfReduced;
    private final Rooms rooms = new Rooms();

    KernelPartPrograms(KernelProgram whole, KernelUses uses, List<List<Piece>> parts) {
        this.whole = whole;
        this.graph = whole.graph();
        this.uses = uses;
        this.parts = parts;
        this.partOf = new int[uses.end()];
        this.partOfReduced = new int[whole.cluster().values()];
        this.kept = new int[uses.end() + partOfReduced.length];
        Arrays.fill(kept, NONE);
        for (int part = 0; part < parts.size(); part++) {
            for (Piece piece : parts.get(part)) {
                for (int place = piece.from(); place < piece.to(); place++) {
                    partOf[place] = part;
                }
                folds(piece).forEach(fold -> partOfReduced[fold.value()] = partOf[piece.from()]);
            }
        }
        for (int part = 0; part < parts.size(); part++) {
            for (Piece piece : parts.get(part)) {
                keep(piece, part);
            }
        }
    }

    List<KernelProgram> programs() {
        List<KernelProgram> programs = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            KernelGraph own = new KernelGraph();
            List<Body> bodies = new ArrayList<>();
            for (Piece piece : parts.get(part)) {
                bodies.add(new Copy(own, part, piece).body());
            }
            programs.add(new KernelProgram(whole.cluster(), own, bodies, rooms.streams()));
        }
        return programs;
    }

    // --------------------------------------------------------------------------------------------------------- rooms

    /** Buffers, each of one value at a time. */
    private final class Rooms {
        private final List<Stream> streams = new ArrayList<>();
        private final IntArrayList busyUntil = new IntArrayList();

        /** A buffer that is free from a part on, for as long as until another. */
        int take(DType type, boolean isRow, int from, int until) {
            Stream stream = whole.room(type, isRow);
            for (int i = 0; i < streams.size(); i++) {
                if (streams.get(i).equals(stream) && busyUntil.getInt(i) < from) {
                    busyUntil.set(i, until);
                    return whole.clusterStreams() + i;
                }
            }
            streams.add(stream);
            busyUntil.add(until);
            return whole.clusterStreams() + streams.size() - 1;
        }

        ImmutableList<Stream> streams() {
            return ImmutableList.copyOf(streams);
        }
    }

    private List<Fold> folds(Piece piece) {
        return whole.bodies().get(piece.body()).folds().stream()
                .filter(fold -> piece.has(uses.foldPlace(fold.value())))
                .toList();
    }

    private void keep(Piece piece, int part) {
        for (int place = piece.from(); place < piece.to(); place++) {
            int last = uses.lastUse(place);
            if (last >= 0 && partOf[last] > part) {
                int stored = storedIn(piece, place);
                boolean isRow = uses.isRow(place);
                kept[place] =
                        stored >= 0 ? stored : rooms.take(graph.lanes(uses.node(place)), isRow, part, partOf[last]);
            }
        }
        for (Fold fold : folds(piece)) {
            int last = uses.lastUseOfReduced(fold.value());
            boolean isKept = last >= 0 && partOf[last] > part;
            if (isKept) {
                DType type = whole.cluster().type(fold.value());
                kept[uses.end() + fold.value()] = rooms.take(type, true, part, partOf[last]);
            }
        }
    }

    /** The stream of columns to which a piece stores a vector as it is, or −1. */
    private int storedIn(Piece piece, int place) {
        List<Store> stores = whole.bodies().get(piece.body()).columns();
        for (int i = 0; i < stores.size(); i++) {
            boolean isIt = stores.get(i).node() == uses.node(place);
            if (isIt && !uses.isRow(place) && piece.has(uses.storePlace(piece.body(), i))) {
                return stores.get(i).stream();
            }
        }
        return NONE;
    }

    // -------------------------------------------------------------------------------------------------------- copies

    /** Copies what a piece needs to the graph of its part. */
    private final class Copy {
        private final KernelGraph own;
        private final int part;
        private final Piece piece;
        private final Body body;
        private final Int2IntOpenHashMap copies = new Int2IntOpenHashMap();

        Copy(KernelGraph own, int part, Piece piece) {
            this.own = own;
            this.part = part;
            this.piece = piece;
            this.body = whole.bodies().get(piece.body());
            copies.defaultReturnValue(NONE);
        }

        Body body() {
            ImmutableList.Builder<Store> columns = ImmutableList.builder();
            ImmutableList.Builder<Store> rows = ImmutableList.builder();
            ImmutableList.Builder<Fold> folded = ImmutableList.builder();
            for (int place = piece.from(); place < piece.to(); place++) {
                if (uses.node(place) >= 0) {
                    int node = copy(uses.node(place));
                    if (kept[place] >= whole.clusterStreams()) {
                        (uses.isRow(place) ? rows : columns).add(new Store(kept[place], node));
                    }
                }
            }
            columns.addAll(copies(body.columns(), 0));
            for (Fold fold : folds(piece)) {
                folded.add(new Fold(fold.value(), copy(fold.node()), fold.isSum()));
                int reduced = reduced(fold.value());
                if (kept[uses.end() + fold.value()] >= 0) {
                    rows.add(new Store(kept[uses.end() + fold.value()], reduced));
                }
            }
            rows.addAll(copies(body.rows(), body.columns().size()));
            return new Body(columns.build(), folded.build(), rows.build());
        }

        /** Of those of some stores that the piece has, of which the first has a number. */
        private List<Store> copies(List<Store> stores, int first) {
            return IntStream.range(0, stores.size())
                    .filter(i -> piece.has(uses.storePlace(piece.body(), first + i)))
                    .mapToObj(i ->
                            new Store(stores.get(i).stream(), copy(stores.get(i).node())))
                    .toList();
        }

        private int reduced(int value) {
            return own.add(KernelNode.leaf(Op.REDUCED, whole.cluster().type(value), false, value, 0));
        }

        private int copy(int node) {
            int known = copies.get(node);
            if (known < 0) {
                known = own.add(made(node));
                copies.put(node, known);
            }
            return known;
        }

        private KernelNode made(int number) {
            KernelNode node = graph.node(number);
            int place = uses.place(number, piece.body());
            if (place >= 0 && partOf[place] != part) {
                return loaded(uses.isRow(place), node.lanes(), kept[place]);
            }
            if (node.op() == Op.REDUCED && partOfReduced[node.a()] != part) {
                return loaded(true, node.lanes(), kept[uses.end() + node.a()]);
            }
            if (node.op().isLeaf()) {
                return node;
            }
            return new KernelNode(
                    node.op(),
                    node.lanes(),
                    node.isMask(),
                    copy(node.a()),
                    node.b() < 0 ? NONE : copy(node.b()),
                    node.c() < 0 ? NONE : copy(node.c()),
                    node.constant());
        }

        private KernelNode loaded(boolean isRow, DType type, int stream) {
            if (stream < 0) {
                throw new IllegalStateException("a part of a kernel needs what no other keeps");
            }
            return KernelNode.leaf(isRow ? Op.LOAD_ROW : Op.LOAD, type, false, stream, 0);
        }
    }
}
