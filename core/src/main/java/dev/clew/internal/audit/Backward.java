package dev.clew.internal.audit;

import dev.clew.internal.tensor.Derivation;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right gradient of an unrolled loop, use by use: what each brings to the cotangent of what is used, and of which role it is.
 *
 * <p>Where cotangents are given, those of states of the code that was written by hand, the others follow from them: then every mistake
 * shows at its own step only, and is not carried on.
 */
final class Backward {
    private final Graph graph;
    private final Roles roles;
    private final Times times;
    private final BitSet needed = new BitSet();
    private final BitSet ofLoss = new BitSet();
    private final List<List<Use>> usesOf = new ArrayList<>();
    private final Map<Integer, UseRole> roleOf = new HashMap<>();
    private final List<UseRole> useRoles = new ArrayList<>();
    private final @Nullable Tensor[] totals;
    private final @Nullable Tensor[] predicted;
    private final List<@Nullable Tensor> terms = new ArrayList<>();
    private final List<@Nullable Template> templates = new ArrayList<>();
    private final Map<Integer, Tensor> given;
    private final Set<Tensor> allTotals = Collections.newSetFromMap(new IdentityHashMap<>());

    Backward(Graph graph, Roles roles, Times times, BitSet targets, Map<Integer, Tensor> given) {
        this.graph = graph;
        this.roles = roles;
        this.times = times;
        this.given = given;
        this.totals = new @Nullable Tensor[graph.size()];
        this.predicted = new @Nullable Tensor[graph.size()];
        findLoss();
        findNeeded(targets);
        listUses();
        listRoles();
        sweep();
    }

    Graph graph() {
        return graph;
    }

    Roles roles() {
        return roles;
    }

    Times times() {
        return times;
    }

    List<UseRole> useRoles() {
        return useRoles;
    }

    UseRole role(Use use) {
        UseRole role = roleOf.get(use.index());
        if (role == null) {
            throw new IllegalStateException("no role of " + use);
        }
        return role;
    }

    List<Use> usesOf(int node) {
        return usesOf.get(node);
    }

    /** What one use brings; null if nothing does, as through stopGradient. */
    @Nullable
    Tensor term(Use use) {
        return terms.get(use.index());
    }

    /** What one use brings of another cotangent of the node that uses. */
    @Nullable
    Tensor term(Use use, @Nullable Tensor yBar) {
        Template template = templates.get(use.index());
        return yBar == null || terms.get(use.index()) == null ? null : template == null ? yBar : template.of(yBar);
    }

    private boolean isEnd(Tensor tensor) {
        return allTotals.contains(tensor) || isForward(tensor);
    }

    /** The cotangent of a node: the given one, or the sum of what its uses bring; null if there is none. */
    @Nullable
    Tensor total(int node) {
        return totals[node];
    }

    /** The sum of what its uses bring, also where the cotangent is given. */
    @Nullable
    Tensor predicted(int node) {
        return predicted[node];
    }

    /** The given cotangent, or null. */
    @Nullable
    Tensor given(int node) {
        return given.get(node);
    }

    boolean isTotal(Tensor tensor) {
        return allTotals.contains(tensor);
    }

    boolean isNeeded(int node) {
        return needed.get(node);
    }

    /** Whether a tensor belongs to the forward pass. */
    boolean isForward(Tensor tensor) {
        return graph.position(tensor) >= 0;
    }

    /** Whether a node belongs to the way from the last loop to the loss: it is in no loop, and leads to none. */
    boolean isOfLoss(int node) {
        return ofLoss.get(node);
    }

    private void findLoss() {
        int[][] inputs = graph.inputPositions();
        int[] uses = new int[graph.size()];
        Arrays.stream(inputs).flatMapToInt(Arrays::stream).forEach(input -> uses[input]++);
        BitSet totals = new BitSet();
        ofLoss.set(0, graph.size());
        for (int user = graph.size() - 1; user >= 0; user--) {
            boolean isInLoop = times.isInLoop(user);
            boolean isTotal = isInLoop && ofLoss.get(user) && (totals.get(user) || hasTotal(user, inputs[user], uses));
            if (isInLoop && !isTotal) {
                ofLoss.clear(user);
            }
            for (int input : inputs[user]) {
                totals.set(input, isTotal && roles.role(input) == roles.role(user));
                if (!ofLoss.get(user)) {
                    ofLoss.clear(input);
                }
            }
        }
    }

    /** Whether a sum goes on from that of the step before, which nothing else uses: the running total of the losses is no state. */
    private boolean hasTotal(int user, int[] inputs, int[] uses) {
        return (graph.node(user).op() == Binary.PLUS || graph.node(user).op() == Binary.MINUS)
                && Arrays.stream(inputs).anyMatch(input -> roles.role(input) == roles.role(user) && uses[input] == 1);
    }

    private void findNeeded(BitSet targets) {
        int[][] inputs = graph.inputPositions();
        for (int i = 0; i < graph.size(); i++) {
            boolean dependsOnTarget = targets.get(i) || Arrays.stream(inputs[i]).anyMatch(needed::get);
            needed.set(i, dependsOnTarget && graph.node(i).dtype().isFloating());
        }
    }

    private void listUses() {
        int[][] inputs = graph.inputPositions();
        for (int i = 0; i < graph.size(); i++) {
            usesOf.add(new ArrayList<>());
        }
        for (int user = graph.size() - 1; user >= 0; user--) {
            for (int slot = inputs[user].length - 1; slot >= 0 && needed.get(user); slot--) {
                int input = inputs[user][slot];
                Tensor node = graph.node(user);
                boolean passes = node.op().passesGradient(slot) || node.op() == Unary.STOP_GRADIENT;
                if (needed.get(input) && passes) {
                    usesOf.get(input).add(new Use(terms.size(), user, slot, input, time(user, input)));
                    terms.add(null);
                    templates.add(null);
                }
            }
        }
    }

    private int time(int user, int input) {
        boolean belongsToUser = times.crosses(user, input) || times.of(input) == Times.NONE;
        return belongsToUser ? times.of(user) : times.of(input);
    }

    private void listRoles() {
        Map<List<Integer>, List<Use>> groups = new HashMap<>();
        List<List<Integer>> order = new ArrayList<>();
        for (int i = graph.size() - 1; i >= 0; i--) {
            for (Use use : usesOf.get(i)) {
                boolean crosses = times.crosses(use.user(), use.input());
                int slot = roles.isList(use.user()) ? -1 - roles.role(use.input()) : use.slot();
                List<Integer> key = List.of(roles.role(use.user()), slot, crosses ? 1 : 0);
                groups.computeIfAbsent(key, none -> {
                            order.add(key);
                            return new ArrayList<>();
                        })
                        .add(use);
            }
        }
        order.forEach(key -> addRole(key, groups.getOrDefault(key, List.of())));
    }

    private void addRole(List<Integer> key, List<Use> uses) {
        uses.sort(Comparator.comparingInt(Use::time).thenComparingInt(Use::user));
        Use last = uses.getLast();
        UseRole role = new UseRole(
                useRoles.size(), key.get(0), last.slot(), roles.role(last.input()), key.get(2) == 1, List.copyOf(uses));
        useRoles.add(role);
        uses.forEach(use -> roleOf.put(use.index(), role));
    }

    private void sweep() {
        int last = graph.size() - 1;
        for (int node = last; node >= 0; node--) {
            if (!needed.get(node)) {
                continue;
            }
            List<Tensor> some = new ArrayList<>();
            for (Use use : usesOf.get(node)) {
                Tensor yBar = totals[use.user()];
                if (yBar != null && graph.node(use.user()).op().passesGradient(use.slot())) {
                    Tensor user = graph.node(use.user());
                    Tensor term = Derivation.of(user, () -> user.op().vjp(user, use.slot(), yBar));
                    terms.set(use.index(), term);
                    templates.set(use.index(), term == yBar ? null : new Template(term, yBar, this::isEnd));
                    some.add(term);
                }
            }
            Tensor sum = node == last
                    ? Tensor.ones(
                            graph.node(last).dtype(), graph.node(last).shape().lengths())
                    : sum(some);
            predicted[node] = sum;
            totals[node] = given.getOrDefault(node, sum);
            if (totals[node] != null) {
                allTotals.add(totals[node]);
            }
        }
    }

    /** The sum of what uses bring; of one, that itself. */
    static @Nullable Tensor sum(List<Tensor> terms) {
        if (terms.isEmpty()) {
            return null;
        }
        return terms.size() == 1 ? terms.getFirst() : new Elementwise.AddN().on(terms.toArray(new Tensor[0]));
    }
}
