package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.runtime.kernel.ClusterPasses.Parked;
import dev.clew.internal.runtime.kernel.ClusterPasses.Pass;
import dev.clew.internal.runtime.kernel.KernelNode.Op;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A cluster, or a part of one, as vectors: for every pass over a row, what is stored and what is folded into one number. */
final class KernelProgram {
    private final Cluster cluster;
    private final KernelGraph graph;
    private final List<Body> bodies;
    /** Where parts of a cluster leave vectors to each other: streams behind those of the cluster. */
    private final ImmutableList<Stream> rooms;

    /** A node that goes to a stream; streams are numbered as offsets are, inputs first. */
    record Store(int stream, int node) {}

    /** A node that is folded along the row. */
    record Fold(int value, int node, boolean isSum) {}

    /** One pass over a row. */
    record Body(ImmutableList<Store> columns, ImmutableList<Fold> folds, ImmutableList<Store> rows) {

        /** What the columns are computed for. */
        List<Integer> columnRoots() {
            List<Integer> roots = new ArrayList<>();
            columns.forEach(store -> roots.add(store.node));
            folds.forEach(fold -> roots.add(fold.node));
            return roots;
        }

        /** What the pass is computed for. */
        List<Integer> roots() {
            List<Integer> roots = columnRoots();
            rows.forEach(store -> roots.add(store.node));
            return roots;
        }
    }

    KernelProgram(Cluster cluster, KernelGraph graph, List<Body> bodies, ImmutableList<Stream> rooms) {
        this.cluster = cluster;
        this.graph = graph;
        this.bodies = bodies;
        this.rooms = rooms;
    }

    static KernelProgram of(Cluster cluster) {
        return new Making(cluster).program();
    }

    Cluster cluster() {
        return cluster;
    }

    KernelGraph graph() {
        return graph;
    }

    List<Body> bodies() {
        return bodies;
    }

    /** Whether a lane must be as wide as a double. */
    boolean isWide() {
        for (int node = 0; node < graph.size(); node++) {
            if (graph.lanes(node) == DType.F64) {
                return true;
            }
        }
        return false;
    }

    /** How many streams the cluster has. */
    int clusterStreams() {
        return cluster.inputs().size() + cluster.outputs().size();
    }

    /** Where parts of a cluster leave vectors to each other. */
    ImmutableList<Stream> rooms() {
        return rooms;
    }

    /** Inputs, then outputs, then rooms. */
    Stream stream(int number) {
        int inputs = cluster.inputs().size();
        if (number < inputs) {
            return cluster.inputs().get(number);
        }
        return number < clusterStreams()
                ? cluster.outputs().get(number - inputs).stream()
                : rooms.get(number - clusterStreams());
    }

    /** A room for the vectors of a block of rows or, of a flat cluster, of elements. What a row has one of takes a vector too. */
    Stream room(DType type, boolean isRow) {
        int pitch = Math.ceilDiv(cluster.columns(), KernelSpecies.MOST_LANES) * KernelSpecies.MOST_LANES;
        return isRow ? new Stream(type, KernelSpecies.MOST_LANES, 0) : new Stream(type, pitch, 1);
    }

    /** The streams that lie where an output or a room does: itself, and the inputs upon which an output is put. */
    IntOpenHashSet overwritten(int output) {
        IntOpenHashSet streams = new IntOpenHashSet();
        streams.add(output);
        if (output < clusterStreams()) {
            cluster.outputs().get(output - cluster.inputs().size()).upon().forEach(streams::add);
        }
        return streams;
    }

    /** The streams that are read or written. */
    IntOpenHashSet touched() {
        IntOpenHashSet touched = new IntOpenHashSet();
        for (Body body : bodies) {
            boolean[] isNeeded = needed(body.roots());
            for (int node = 0; node < isNeeded.length; node++) {
                KernelNode each = graph.node(node);
                if (isNeeded[node] && (each.op() == Op.LOAD || each.op() == Op.LOAD_ROW)) {
                    touched.add(each.a());
                }
            }
            body.columns.forEach(store -> touched.add(store.stream));
            body.rows.forEach(store -> touched.add(store.stream));
        }
        return touched;
    }

    /** By node, whether some roots are made of it. */
    boolean[] needed(List<Integer> roots) {
        boolean[] isNeeded = new boolean[graph.size()];
        for (int root : roots) {
            isNeeded[root] = true;
        }
        for (int node = isNeeded.length - 1; node >= 0; node--) {
            for (int operand : isNeeded[node] ? graph.operands(node) : new int[0]) {
                isNeeded[operand] = true;
            }
        }
        return isNeeded;
    }

    /** Writes a cluster as vectors. */
    private static final class Making {
        private final Cluster cluster;
        private final ClusterPasses passes;
        private final KernelGraph graph = new KernelGraph();
        private final KernelSteps steps;
        private final DType maskLanes;
        /** By value, its node in the pass that is being written. */
        private final int[] values;

        Making(Cluster cluster) {
            this.cluster = cluster;
            this.passes = new ClusterPasses(cluster);
            this.maskLanes = maskLanes(cluster);
            this.steps = new KernelSteps(graph, maskLanes);
            this.values = new int[cluster.values()];
        }

        KernelProgram program() {
            List<Body> bodies = new ArrayList<>();
            for (int pass = 0; pass < passes.passes().size(); pass++) {
                bodies.add(body(pass, passes.passes().get(pass)));
            }
            return new KernelProgram(cluster, graph, bodies, ImmutableList.of());
        }

        /** A type that the cluster computes with, so that masks need no conversion. */
        private static DType maskLanes(Cluster cluster) {
            return IntStream.range(0, cluster.values())
                    .mapToObj(cluster::type)
                    .filter(DType::isFloating)
                    .findFirst()
                    .orElse(DType.F32);
        }

        private Body body(int number, Pass pass) {
            pass.rowValues().forEach(value -> values[value] = computed(value, Op.LOAD_ROW));
            pass.columnValues().forEach(value -> {
                int parkedIn = passes.parkedIn(number, value);
                values[value] =
                        parkedIn >= 0 ? load(Op.LOAD, cluster.inputs().size() + parkedIn) : computed(value, Op.LOAD);
            });
            ImmutableList.Builder<Fold> folds = ImmutableList.builder();
            pass.reductions().forEach(value -> folds.add(fold(value)));
            ImmutableList.Builder<Store> columns = ImmutableList.builder();
            ImmutableList.Builder<Store> rows = ImmutableList.builder();
            for (Parked parked : pass.parked()) {
                if (!pass.outputs().contains(parked.output())) { // Which would be upon it at once.
                    columns.add(store(parked.output(), parked.value()));
                }
            }
            pass.outputs().forEach(o -> {
                Output output = cluster.outputs().get(o);
                (output.stream().columnStride() == 0 ? rows : columns).add(store(o, output.value()));
            });
            pass.reductions().forEach(value -> values[value] = reduced(value));
            return new Body(columns.build(), folds.build(), rows.build());
        }

        private int computed(int value, Op load) {
            return cluster.isInput(value) ? load(load, value) : steps.step(cluster.step(value), values);
        }

        private Fold fold(int value) {
            Step step = cluster.step(value);
            return new Fold(value, values[step.operands().get(0)], step instanceof Step.Sum);
        }

        /** What the passes to come see of a reduction. */
        private int reduced(int value) {
            return graph.add(KernelNode.leaf(Op.REDUCED, cluster.type(value), false, value, 0));
        }

        private int load(Op op, int stream) {
            DType type = typeOf(stream);
            return type == DType.BOOL
                    ? graph.add(KernelNode.leaf(op, maskLanes, true, stream, 0))
                    : graph.add(KernelNode.leaf(op, type, false, stream, 0));
        }

        private Store store(int output, int value) {
            int stream = cluster.inputs().size() + output;
            return new Store(stream, graph.as(typeOf(stream), values[value]));
        }

        private DType typeOf(int stream) {
            int inputs = cluster.inputs().size();
            return stream < inputs
                    ? cluster.inputs().get(stream).type()
                    : cluster.outputs().get(stream - inputs).stream().type();
        }
    }
}
