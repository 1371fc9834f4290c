package dev.clew.internal.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.NDArray;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Site;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * The way back from a bad number to where it began, element by element: what a mask discards, and what lies beside a bad
 * number in the same array, is not on it.
 */
public final class Trail {
    private static final int BLOCK = 512;

    private final Graph graph;
    private final Map<Tensor, NDArray> given;
    /** What has a bad number, and what chooses: conditions and indices. The walk lets go of all else. */
    private final @Nullable NDArray[] values;

    private final BitSet bad = new BitSet();

    private Trail(Graph graph, Map<Tensor, NDArray> given) {
        this.graph = graph;
        this.given = given;
        this.values = new @Nullable NDArray[graph.size()];
    }

    /** Evaluates some tensors by the plain walk, from the sources. */
    public static Trail of(List<Tensor> outputs, Map<Tensor, NDArray> given) {
        Trail trail = new Trail(Graph.of(outputs), given);
        Walk.fromSources(given, trail::see).evaluate(outputs);
        return trail;
    }

    private void see(Tensor node, NDArray value) {
        boolean isBad = first(value, x -> !Double.isFinite(x)) >= 0;
        if (isBad) {
            bad.set(graph.position(node));
        }
        if (isBad || !node.dtype().isFloating()) {
            values[graph.position(node)] = value;
        }
    }

    /** A row-major position, or -1. */
    public static int first(NDArray array, DoublePredicate isBad) {
        int elements = array.dtype().isFloating() ? array.shape().elements() : 0;
        double[] block = new double[Math.min(BLOCK, elements)];
        for (int from = 0; from < elements; from += block.length) {
            int count = Math.min(block.length, elements - from);
            array.load(block, from, count);
            for (int i = 0; i < count; i++) {
                if (isBad.test(block[i])) {
                    return from + i;
                }
            }
        }
        return -1;
    }

    /** One number of a node. */
    private record Place(Tensor node, int element) {
        boolean isSource() {
            return node.op() instanceof Source;
        }
    }

    /** Where the bad numbers of a tensor began, a NaN before an infinity; empty if there are none. */
    public Optional<NonFinite> behind(Tensor output) {
        if (!isBad(output)) {
            return Optional.empty();
        }
        int nan = first(value(output), Double::isNaN);
        if (nan < 0) {
            Place infinity = new Place(output, first(value(output), Double::isInfinite));
            return infinityBehind(List.of(infinity)).map(place -> found(place, Optional.empty()));
        }
        Place at = beginnings(List.of(new Place(output, nan)), Double::isNaN).getFirst();
        return Optional.of(found(
                at, infinityBehind(read(at, Double::isInfinite)).map(place -> found(place, Optional.empty()))));
    }

    /** The first bad node there is. */
    public Optional<NonFinite> anywhere() {
        int first = bad.nextSetBit(0);
        return first < 0
                ? Optional.empty()
                : Optional.of(found(
                        new Place(graph.node(first), first(value(graph.node(first)), x -> !Double.isFinite(x))),
                        Optional.empty()));
    }

    /** Where infinities began: in an operation on finite numbers, and only if there is none, in what was given. */
    private Optional<Place> infinityBehind(List<Place> from) {
        List<Place> all = beginnings(from, Double::isInfinite);
        return all.stream()
                .filter(place -> !place.isSource())
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    /** Such numbers that are computed from none of their kind, in the order of computing; of every node the first on the way. */
    private List<Place> beginnings(List<Place> from, DoublePredicate isSuch) {
        Deque<Place> open = new ArrayDeque<>(from);
        BitSet seen = new BitSet();
        List<Place> found = new ArrayList<>();
        while (!open.isEmpty()) {
            Place at = open.pop();
            List<Place> next = read(at, isSuch);
            if (next.isEmpty()) {
                found.add(at);
            }
            for (Place each : next) {
                int position = graph.position(each.node);
                if (!seen.get(position)) {
                    seen.set(position);
                    open.push(each);
                }
            }
        }
        found.sort(Comparator.comparingLong(place -> place.node.number()));
        return found;
    }

    /** Of every input that an element is computed from, the first such number. */
    private List<Place> read(Place at, DoublePredicate isSuch) {
        List<Place> found = new ArrayList<>();
        BitSet inputs = new BitSet();
        Reads.each(at.node, at.element, this::value, (input, element) -> {
            Tensor from = at.node.input(input);
            if (!inputs.get(input) && isBad(from) && isSuch.test(Reads.at(value(from), element))) {
                inputs.set(input);
                found.add(new Place(from, element));
            }
        });
        return found;
    }

    private boolean isBad(Tensor node) {
        return bad.get(graph.position(node));
    }

    private NDArray value(Tensor node) {
        NDArray value = values[graph.position(node)];
        if (value == null) {
            throw new IllegalStateException(node.describe() + " has no bad numbers, and does not choose any");
        }
        return value;
    }

    private NonFinite found(Place place, Optional<NonFinite> before) {
        int[] index = Reads.index(place.node.shape(), place.element);
        return new NonFinite(
                place.node,
                Ints.asList(index),
                value(place.node).get(index),
                operands(place),
                before,
                graph.nodes().stream()
                        .filter(user -> user.inputs().contains(place.node)
                                && user.dtype().isFloating()
                                && !isBad(user))
                        .findFirst(),
                forward(place.node));
    }

    private List<Double> operands(Place place) {
        List<NDArray> inputs = place.node.op() instanceof Elementwise
                ? Walk.fromSources(given).evaluate(place.node.inputs())
                : List.of();
        return inputs.stream().map(input -> Reads.at(input, place.element)).toList();
    }

    /** The node whose derivative this one belongs to, if that is known and has bad numbers of its own. */
    private Optional<NonFinite> forward(Tensor node) {
        return node.site().flatMap(Site::derivativeOf).flatMap(of -> {
            NDArray value = Walk.fromSources(given).evaluate(List.of(of)).getFirst();
            int at = first(value, x -> !Double.isFinite(x));
            int[] index = Reads.index(of.shape(), Math.max(at, 0));
            return at < 0
                    ? Optional.empty()
                    : Optional.of(new NonFinite(
                            of,
                            Ints.asList(index),
                            value.get(index),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        });
    }
}
