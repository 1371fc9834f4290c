package dev.clew.gradient;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Derivation;
import dev.clew.internal.tensor.Place;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of one number with respect to any tensors it was computed from: parameters, inputs, hidden states.
 *
 * <p>Reverse mode: the cotangent of a node is the sum, over its uses, of what each use contributes. A cotangent is made of
 * tensors, so it can be printed, evaluated together with other tensors, and differentiated again.
 *
 * <p>Nothing is stored in the nodes, and only what is asked for is built: the cotangents of a node and of what lies between
 * it and the result. They are remembered here, so asking for every state of a loop, one by one, builds one sweep. To evaluate
 * many of them, ask for their values together: {@code Tensor.values(gradients.wrt(states).values())}.
 */
public final class Gradients {
    private final Tensor result;
    private final Supplier<Graph> graph;
    /** As far back as a derivative was asked for: within a loop, that by a state of now does not look at all that was before. */
    private Sweep sweep;

    private Gradients(Tensor result, Tensor seed) {
        this.result = result;
        this.graph = Suppliers.memoize(() -> Graph.of(List.of(result)));
        this.sweep = new Sweep(Graph.since(result.number(), result), result.number());
        sweep.put(result, seed);
    }

    /**
     * Derivatives of a number.
     *
     * @throws IllegalArgumentException if the result is not one floating-point number
     */
    public static Gradients of(Tensor result) {
        Present.require("gradient", result);
        if (result.shape().elements() != 1) {
            throw new IllegalArgumentException(
                    "gradient of " + result.describe() + ": only a single number has a gradient;"
                            + " reduce it first with sum() or mean(), or give a cotangent of its shape: Gradients.of(y, yBar)");
        }
        requireFloating(result);
        return new Gradients(result, Tensor.ones(result.dtype(), result.shape().lengths()));
    }

    /** The vector-Jacobian product: derivatives of Σ yBar·y, for a result y of any shape. */
    public static Gradients of(Tensor y, Tensor yBar) {
        Present.require("gradient", y, yBar);
        requireFloating(y);
        if (!yBar.shape().equals(y.shape()) || yBar.dtype() != y.dtype()) {
            throw new IllegalArgumentException("gradient of " + y.describe() + " with the cotangent " + yBar.describe()
                    + ": a cotangent has the shape and type of what it belongs to");
        }
        return new Gradients(y, yBar);
    }

    /**
     * The derivative with respect to a tensor, of its shape; zeros if the result does not depend on it ({@link #reaches}
     * tells).
     *
     * @throws IllegalArgumentException if the tensor has integers or truth values
     */
    public synchronized Tensor wrt(Tensor x) {
        Present.require("wrt", x);
        requireFloating(x);
        Tensor found = swept(x);
        return found != null ? found : Tensor.zeros(x.dtype(), x.shape().lengths());
    }

    /** The derivatives with respect to several tensors, in their order. */
    public <T extends Tensor> Map<T, Tensor> wrt(Collection<T> tensors) {
        Present.require("wrt", tensors);
        ImmutableMap.Builder<T, Tensor> all = ImmutableMap.builder();
        for (T tensor : tensors) {
            all.put(tensor, wrt(tensor));
        }
        return all.buildKeepingLast();
    }

    /** Whether the result depends on a tensor, along a path that derivatives can take. */
    public synchronized boolean reaches(Tensor x) {
        Present.require("reaches", x);
        return swept(x) != null;
    }

    /** Everything the result depends on. */
    public Graph graph() {
        return graph.get();
    }

    /** What is differentiated, and with respect to how much: nothing is built or computed for it. */
    @Override
    public String toString() {
        List<Tensor> nodes = graph.get().nodes();
        long parameters = nodes.stream().filter(Parameter.class::isInstance).count();
        return "Gradients of " + nodes.getLast().describe() + " with respect to any of the " + nodes.size()
                + " tensors that it is computed from, " + parameters + " of them parameters: wrt(x)";
    }

    /** The cotangent of a node; null if the result does not depend on it. */
    private @Nullable Tensor swept(Tensor x) {
        if (x.number() < sweep.since) {
            // Twice as far with every step back, so that asking for one state after the other costs no square of them.
            long since = Math.min(x.number(), result.number() - 2 * (result.number() - sweep.since));
            sweep = new Sweep(Graph.since(since, result), since).with(sweep);
        }
        int position = sweep.graph.position(x);
        return position < 0 ? null : sweep.swept(position);
    }

    /** The nodes from a number on, and their cotangents as far as they are known. */
    private static final class Sweep {
        private final Graph graph;
        private final long since;
        private final int[] useStart;
        private final int[] useNode;
        private final int[] useInput;
        /** Cotangents of the nodes that are swept; null for those that contribute nothing to the result. */
        private final @Nullable Tensor[] cotangents;

        private final BitSet swept = new BitSet();

        Sweep(Graph graph, long since) {
            this.graph = graph;
            this.since = since;
            this.cotangents = new @Nullable Tensor[graph.size()];
            this.useStart = new int[graph.size() + 1];
            int[][] inputs = graph.inputPositions();
            for (int i = 0; i < inputs.length && graph.node(i).number() < since; i++) {
                inputs[i] = new int[0]; // Known by name only.
            }
            countUses(inputs);
            this.useNode = new int[useStart[graph.size()]];
            this.useInput = new int[useNode.length];
            listUses(inputs);
        }

        void put(Tensor node, Tensor cotangent) {
            cotangents[graph.position(node)] = cotangent;
            swept.set(graph.position(node));
        }

        /** The same with what is known by another, shorter one. */
        Sweep with(Sweep other) {
            for (int i = other.swept.nextSetBit(0); i >= 0; i = other.swept.nextSetBit(i + 1)) {
                int position = graph.position(other.graph.node(i));
                cotangents[position] = other.cotangents[i];
                swept.set(position);
            }
            return this;
        }

        /** The cotangent of a node, after those of all that lies between it and the result. */
        private @Nullable Tensor swept(int position) {
            for (int node : between(position)) {
                cotangents[node] = cotangent(node);
                swept.set(node);
            }
            return cotangents[position];
        }

        /** The positions of a node and of all its users whose cotangents are not known yet, users before what they use. */
        private int[] between(int position) {
            IntOpenHashSet seen = new IntOpenHashSet();
            IntArrayList open = new IntArrayList();
            open.push(position);
            while (!open.isEmpty()) {
                int node = open.popInt();
                if (!swept.get(node) && seen.add(node)) {
                    for (int use = useStart[node]; use < useStart[node + 1]; use++) {
                        open.push(useNode[use]);
                    }
                }
            }
            int[] order = seen.toIntArray();
            Arrays.sort(order);
            Ints.reverse(order);
            return order;
        }

        /** What all uses contribute, latest first; null if none does. */
        private @Nullable Tensor cotangent(int position) {
            if (!graph.node(position).dtype().isFloating()) {
                return null;
            }
            List<Tensor> terms = new ArrayList<>();
            List<Tensor> placed = new ArrayList<>();
            for (int use = useStart[position + 1] - 1; use >= useStart[position]; use--) {
                Tensor user = graph.node(useNode[use]);
                Tensor yBar = cotangents[useNode[use]];
                if (yBar != null && user.op().passesGradient(useInput[use])) {
                    Tensor term = contribution(user, useInput[use], yBar);
                    (user.op() instanceof Movement.Slice ? placed : terms).add(term);
                }
            }
            if (!placed.isEmpty()) {
                terms.add(placed.size() == 1 ? placed.getFirst() : Place.merge(placed));
            }
            return terms.isEmpty() ? null : Derivation.of(graph.node(position), () -> Tensor.sum(terms));
        }

        private void countUses(int[][] inputs) {
            for (int[] used : inputs) {
                for (int position : used) {
                    useStart[position + 1]++;
                }
            }
            for (int i = 0; i < graph.size(); i++) {
                useStart[i + 1] += useStart[i];
            }
        }

        private void listUses(int[][] inputs) {
            int[] next = useStart.clone();
            for (int i = 0; i < inputs.length; i++) {
                for (int input = 0; input < inputs[i].length; input++) {
                    int slot = next[inputs[i][input]]++;
                    useNode[slot] = i;
                    useInput[slot] = input;
                }
            }
        }
    }

    /** What one use contributes, checked, since a {@link dev.clew.tensor.Custom} may give anything. */
    private static Tensor contribution(Tensor user, int input, Tensor yBar) {
        Tensor x = user.input(input);
        Tensor term = Derivation.of(user, () -> user.op().vjp(user, input, yBar));
        if (term == null || !term.shape().equals(x.shape()) || term.dtype() != x.dtype()) {
            throw new IllegalStateException("the vjp of " + user.describe() + " for its input " + input + ", "
                    + x.describe() + ", gave " + (term == null ? "null" : term.describe())
                    + ": a cotangent has the shape and type of what it belongs to"
                    + user.site()
                            .map(site -> "; " + user.op().label() + " was " + site)
                            .orElse(""));
        }
        return term;
    }

    private static void requireFloating(Tensor tensor) {
        if (!tensor.dtype().isFloating()) {
            throw new IllegalArgumentException("gradient at " + tensor.describe()
                    + ": integers and truth values have no derivatives; gradients stop there");
        }
    }
}
