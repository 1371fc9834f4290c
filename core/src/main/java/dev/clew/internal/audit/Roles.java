package dev.clew.internal.audit;

import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes of an unrolled loop are the same line of it at different steps: the coarsest partition of which all members apply the
 * same operation to members of the same classes.
 *
 * <p>Of the first step a state is a leaf, and of all others a node; so what {@link InitialStates} stand for is taken in their place. What
 * is added up or joined over the steps has as many inputs as there are steps, which count as one where they are of one class. The part
 * of an array that is cut out belongs to a role, as a gate does, unless the array is one for all steps: then it is the step.
 */
final class Roles {
    private final Lines lines;
    private final InitialStates states;
    private BitSet ofParameters;
    private int[] role;
    private int[][] members = new int[0][];
    private final Map<Integer, Boolean> chains = new HashMap<>();

    Roles(Graph graph, Set<Tensor> parameters, Set<Tensor> initial) {
        this.lines = new Lines(graph, parameters, initial);
        this.ofParameters = lines.ofParameters(
                lines::isParameter, number -> !lines.literal(number).equals(""));
        this.states = new InitialStates(lines, ofParameters);
        this.role = new int[graph.size()];
        partition();
        splitDataByUse();
        this.ofParameters =
                lines.ofParameters(node -> lines.isParameter(node) && !states.isInitial(node), this::isLiteral);
    }

    /** Whether a single number is the same at every step. */
    private boolean isLiteral(int number) {
        double of = lines.node(number).item();
        return !states.isInitial(number)
                && Arrays.stream(members[role[number]])
                        .allMatch(other -> lines.node(other).item() == of);
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

    /** Whether a node is computed from parameters and single numbers alone, so that it is the same at every step. */
    boolean isOfParameters(int node) {
        return ofParameters.get(node);
    }

    /** Whether a node takes any number of inputs, of which it treats all alike. */
    boolean isList(int node) {
        return lines.isList(node);
    }

    private void partition() {
        Map<Object, Integer> first = new HashMap<>();
        for (int i = 0; i < role.length; i++) {
            boolean hasName = lines.isParameter(i) || lines.isInitial(i);
            boolean isOneOf = !states.areFound() && lines.isNumber(i); // One step has no literal twice.
            Object number = isOneOf ? (Object) lines.node(i).item() : lines.literal(i);
            Object key = hasName ? lines.node(i) : List.of(lines.kind(i), number);
            role[i] = first.computeIfAbsent(key, none -> first.size());
        }
        int before = 0;
        int now = first.size();
        while (now != before) {
            collect(now);
            before = now;
            now = refine();
        }
    }

    /** What nothing was computed from but data: a mask and a target of one shape differ in what uses them. */
    private void splitDataByUse() {
        BitSet isData = lines.ofData();
        BitSet mixed = new BitSet();
        for (int i = 0; i < role.length; i++) {
            mixed.set(role[i], mixed.get(role[i]) || !isData.get(i));
        }
        BitSet twice = twice();
        Map<Object, Integer> fresh = new HashMap<>();
        int[] again = new int[role.length];
        for (int i = role.length - 1; i >= 0; i--) {
            int user = lines.users(i).length == 0 ? -1 : lines.users(i)[0];
            boolean isSplit = (!mixed.get(role[i]) || twice.get(role[i])) && user >= 0;
            Object key = !isSplit
                    ? (Object) role[i]
                    : List.of(role[i], again[user], lines.isList(user) ? 0 : lines.slot(user, i));
            again[i] = fresh.computeIfAbsent(key, none -> fresh.size());
        }
        role = again;
        collect(fresh.size());
    }

    /** Whether every member of a role is computed from the one before. */
    boolean isChain(int ofRole) {
        return chains.computeIfAbsent(ofRole, none -> lines.isChain(members[ofRole]));
    }

    /**
     * Roles that have more than one member for a step: the same thing computed again, such as a vector made a column for every product with
     * it, or what is done to a state before it changes and after.
     */
    private BitSet twice() {
        BitSet twice = new BitSet();
        int steps = 1;
        for (int[] some : members) {
            steps = some.length > steps && lines.isChain(some) ? some.length : steps;
        }
        for (int[] some : members) {
            if (steps > 1 && some.length % steps == 0 && some.length > steps && !lines.isLeaf(some[0])) {
                twice.set(role[some[0]]);
            }
            Set<List<Integer>> seen = new HashSet<>();
            for (int node : some) {
                boolean isNew = lines.isLeaf(node)
                        || seen.add(Arrays.stream(lines.inputs(node)).boxed().toList());
                if (!isNew) {
                    twice.set(role[node]);
                }
            }
        }
        return twice;
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
            Map<List<Object>, Integer> groups = new HashMap<>();
            for (int node : some) {
                int group = count + groups.size();
                next[node] = groups.computeIfAbsent(signature(node), none -> group);
            }
            count += groups.size();
        }
        role = next;
        return count;
    }

    private List<Object> signature(int node) {
        List<Object> signature = new ArrayList<>();
        if (lines.node(node).op() instanceof Movement.Slice slice && isPart(lines.inputs(node)[0])) {
            signature.add(slice.start());
        }
        boolean isList = lines.isList(node);
        for (int input : states.inputs(node)) {
            if (!isList || !signature.contains(role[input])) {
                signature.add(role[input]);
            }
        }
        return signature;
    }

    /** Whether what is cut out of it is one part of what every step has, and not one step of what all have. */
    private boolean isPart(int node) {
        return ofParameters.get(node) || (!lines.isLeaf(node) && (!states.areFound() || states.isOfSteps(node)));
    }
}
