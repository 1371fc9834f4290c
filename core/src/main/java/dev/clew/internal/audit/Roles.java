package dev.clew.internal.audit;

import com.google.common.collect.Sets;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of an unrolled loop are the same line of it at different steps: the coarsest partition of which all members apply the
 * same operation to members of the same classes.
 *
 * <p>Of the first step a state is a leaf, and of all others a node; so a leaf that is an initial state fits everything. Where none is
 * named, every constant may be one. What is added up or joined over the steps has as many inputs as there are steps, which count as
 * one where they are of one class. The part of an array that is cut out belongs to a role, as a gate does, unless the array is one
 * for all steps: then it is the step.
 */
final class Roles {
    private static final int ANY = -1;
    private static final int FAR = 4;

    private final Graph graph;
    private final int[][] inputs;
    private final BitSet wild = new BitSet();
    private final BitSet ofParameters = new BitSet();
    private int[] role;
    private int[][] members = new int[0][];

    private final Set<Tensor> initial;
    private final int[][] users;
    private final Map<Double, Integer> literals;

    Roles(Graph graph, Set<Tensor> parameters, Set<Tensor> initial) {
        this.graph = graph;
        this.initial = initial;
        this.inputs = graph.inputPositions();
        this.users = users(inputs);
        this.literals = literals(graph);
        this.role = new int[graph.size()];
        for (int i = 0; i < graph.size(); i++) {
            Tensor node = graph.node(i);
            boolean isFree = node.op() instanceof Source
                    && node.dtype().isFloating()
                    && node.shape().rank() > 0;
            wild.set(i, initial.contains(node) || (initial.isEmpty() && isFree && !parameters.contains(node)));
            ofParameters.set(i, isOf(i, parameters));
        }
        partition(parameters);
    }

    private static int[][] users(int[][] inputs) {
        IntArrayList[] users = new IntArrayList[inputs.length];
        Arrays.setAll(users, i -> new IntArrayList());
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                users[input].add(i);
            }
        }
        return Arrays.stream(users).map(IntArrayList::toIntArray).toArray(int[][]::new);
    }

    private boolean isOf(int node, Set<Tensor> parameters) {
        if (inputs[node].length == 0) {
            return parameters.contains(graph.node(node));
        }
        return Arrays.stream(inputs[node])
                .allMatch(input ->
                        ofParameters.get(input) || graph.node(input).shape().rank() == 0);
    }

    /** The role of a node. */
    int role(int node) {
        return role[node];
    }

    /** How many roles there are. */
    int count() {
        return members.length;
    }

    /** The nodes of a role, in the order in which they were made. */
    int[] members(int ofRole) {
        return members[ofRole];
    }

    private void partition(Set<Tensor> parameters) {
        Map<Object, Integer> first = new HashMap<>();
        for (int i = 0; i < role.length; i++) {
            Tensor node = graph.node(i);
            Object key = parameters.contains(node) && !wild.get(i)
                    ? node
                    : List.of(kind(node.op()), node.shape(), node.dtype(), initial.contains(node), literal(node));
            role[i] = first.computeIfAbsent(key, none -> first.size());
        }
        int before = 0;
        int now = first.size();
        while (now != before) {
            collect(now);
            before = now;
            now = refine();
        }
        splitDataByUse(parameters);
    }

    /** What nothing was computed from but data: a mask and a target of one shape differ in what uses them. */
    private void splitDataByUse(Set<Tensor> parameters) {
        BitSet isData = new BitSet();
        for (int i = 0; i < role.length; i++) {
            boolean isLeaf = inputs[i].length == 0;
            boolean isGiven = parameters.contains(graph.node(i)) || initial.contains(graph.node(i));
            isData.set(i, isLeaf ? !isGiven : Arrays.stream(inputs[i]).allMatch(isData::get));
        }
        BitSet mixed = new BitSet();
        for (int i = 0; i < role.length; i++) {
            mixed.set(role[i], mixed.get(role[i]) || !isData.get(i));
        }
        BitSet twice = twice();
        Map<Object, Integer> fresh = new HashMap<>();
        int[] again = new int[role.length];
        for (int i = role.length - 1; i >= 0; i--) {
            int user = users[i].length == 0 ? -1 : users[i][0];
            boolean isSplit = (!mixed.get(role[i]) || twice.get(role[i])) && user >= 0;
            Object key = !isSplit ? (Object) role[i] : List.of(role[i], again[user], isList(user) ? 0 : slot(user, i));
            again[i] = fresh.computeIfAbsent(key, none -> fresh.size());
        }
        role = again;
        collect(fresh.size());
    }

    /** Roles in which the same thing is computed twice, such as a vector made a column for every product with it. */
    private BitSet twice() {
        BitSet twice = new BitSet();
        for (int[] some : members) {
            Set<List<Integer>> seen = new HashSet<>();
            for (int node : some) {
                boolean isNew = inputs[node].length == 0
                        || seen.add(Arrays.stream(inputs[node]).boxed().toList());
                if (!isNew) {
                    twice.set(role[node]);
                }
            }
        }
        return twice;
    }

    /** Whether a node is computed from parameters and single numbers alone, so that it is the same at every step. */
    boolean isOfParameters(int node) {
        return ofParameters.get(node);
    }

    private int slot(int user, int input) {
        int slot = 0;
        while (inputs[user][slot] != input) {
            slot++;
        }
        return slot;
    }

    /**
     * The number of a single constant that stands in the loop, as 0.7 and 0.3 do in a leaky cell: it comes back at every step. Data of single
     * numbers hardly does, but for 0 and 1.
     */
    private Object literal(Tensor node) {
        boolean isSingle = node.op() instanceof Source.Constant
                && node.shape().rank() == 0
                && node.dtype().isFloating();
        double number = isSingle ? node.item() : 0;
        return number != 0 && number != 1 && literals.getOrDefault(number, 0) > 1 ? (Object) number : "";
    }

    private static Map<Double, Integer> literals(Graph graph) {
        Map<Double, Integer> counts = new HashMap<>();
        graph.nodes().stream()
                .filter(node ->
                        node.op() instanceof Source.Constant && node.shape().rank() == 0)
                .forEach(node -> counts.merge(node.item(), 1, Integer::sum));
        return counts;
    }

    /** What an operation is, without what may differ from step to step. */
    private static Object kind(Op op) {
        return switch (op) {
            case Movement.Slice slice -> List.of("slice", slice.step(), slice.size());
            case Movement.Concat concat -> List.of("concat", concat.axis());
            case Source source -> "source";
            case Custom custom -> custom.getClass();
            default -> op;
        };
    }

    private void collect(int roles) {
        IntArrayList[] lists = new IntArrayList[roles];
        Arrays.setAll(lists, i -> new IntArrayList());
        for (int i = 0; i < role.length; i++) {
            lists[role[i]].add(i);
        }
        members = new int[roles][];
        Arrays.setAll(members, i -> lists[i].toIntArray());
    }

    /** Splits every class by the classes of what its members are applied to; how many there are then. */
    private int refine() {
        int[] next = new int[role.length];
        int count = 0;
        for (int[] some : members) {
            Map<List<Object>, IntArrayList> groups = new LinkedHashMap<>();
            for (int node : some) {
                groups.computeIfAbsent(signature(node), none -> new IntArrayList())
                        .add(node);
            }
            for (IntArrayList group : joined(groups)) {
                for (int node : group) {
                    next[node] = count;
                }
                count++;
            }
        }
        role = next;
        return count;
    }

    private List<Object> signature(int node) {
        List<Object> signature = new ArrayList<>();
        if (graph.node(node).op() instanceof Movement.Slice slice && isPart(inputs[node][0])) {
            signature.add(slice.start());
        }
        boolean isList = isList(node);
        for (int input : inputs[node]) {
            Integer of = wild.get(input) ? ANY : role[input];
            if (!isList || !signature.contains(of)) {
                signature.add(of);
            }
        }
        return signature;
    }

    /** Whether what is cut out of it is one part of what every step has, and not one step of what all have. */
    private boolean isPart(int node) {
        return ofParameters.get(node) || (members[role[node]].length > 1 && inputs[node].length > 0);
    }

    /** Whether a node takes any number of inputs, of which it treats all alike. */
    boolean isList(int node) {
        Op op = graph.node(node).op();
        return (op instanceof Elementwise.AddN || op instanceof Movement.Concat) && inputs[node].length > 2;
    }

    /**
     * Nodes with something free go to the group that they fit: of several, to that whose members are used as they are, since f ⊙ c of the
     * first step could as well be i ⊙ g but for what uses it; and then to the largest.
     */
    private List<IntArrayList> joined(Map<List<Object>, IntArrayList> groups) {
        Map<List<Object>, IntArrayList> fixed = new LinkedHashMap<>();
        Map<List<Object>, IntArrayList> free = new LinkedHashMap<>();
        groups.forEach((signature, nodes) -> (signature.contains(ANY) ? free : fixed).put(signature, nodes));
        Map<List<Object>, Set<List<Integer>>> contexts = new HashMap<>();
        fixed.forEach((signature, nodes) -> contexts.put(signature, context(nodes)));
        Map<List<Object>, IntArrayList> alone = new LinkedHashMap<>();
        Map<List<Object>, IntArrayList> more = new LinkedHashMap<>();
        free.forEach((signature, nodes) -> {
            for (int node : nodes) {
                List<Object> best = best(signature, node, fixed, contexts);
                (best == null ? alone : more)
                        .computeIfAbsent(best == null ? signature : best, none -> new IntArrayList())
                        .add(node);
            }
        });
        more.forEach((signature, nodes) ->
                fixed.computeIfAbsent(signature, none -> new IntArrayList()).addAll(nodes));
        List<IntArrayList> all = new ArrayList<>(fixed.values());
        all.addAll(alone.values());
        return all;
    }

    private @Nullable List<Object> best(
            List<Object> signature,
            int node,
            Map<List<Object>, IntArrayList> fixed,
            Map<List<Object>, Set<List<Integer>>> contexts) {
        Set<List<Integer>> own = context(IntArrayList.of(node));
        return fixed.keySet().stream()
                .filter(other -> fits(signature, other))
                .max(Comparator.<List<Object>>comparingInt(
                                other -> Sets.intersection(own, contexts.getOrDefault(other, Set.of()))
                                        .size())
                        .thenComparingInt(other ->
                                fixed.getOrDefault(other, new IntArrayList()).size()))
                .orElse(null);
    }

    /** How nodes are used, a few operations far: by which roles, as which of their inputs, and on from there. */
    private Set<List<Integer>> context(IntArrayList nodes) {
        Set<List<Integer>> context = new HashSet<>();
        int apart = Math.max(1, nodes.size() / 3);
        for (int i = 0; i < nodes.size(); i += apart) {
            addContext(nodes.getInt(i), List.of(), context);
        }
        return context;
    }

    private void addContext(int node, List<Integer> path, Set<List<Integer>> context) {
        for (int user : users[node]) {
            List<Integer> longer = new ArrayList<>(path);
            longer.add(role[user]);
            longer.add(isList(user) ? 0 : slot(user, node));
            if (context.add(longer) && longer.size() < 2 * FAR) {
                addContext(user, longer, context);
            }
        }
    }

    private static boolean fits(List<Object> free, List<Object> other) {
        if (free.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < free.size(); i++) {
            Object one = free.get(i);
            Object two = other.get(i);
            if (!one.equals(ANY) && !two.equals(ANY) && !one.equals(two)) {
                return false;
            }
        }
        return true;
    }
}
