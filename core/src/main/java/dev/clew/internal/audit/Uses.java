package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the families of mistakes ask of a right gradient: its uses and what is read there, step by step, and what they are called. */
final class Uses {
    /** What has no name is called by its formula, if that is short. */
    private static final int LONGEST = 40;

    private static final int FAR = 4;

    private final Backward right;
    private final Notation notation;
    private final MutatedSweep base;
    private final Formulas formulas;
    private final Map<Integer, Map<Integer, Integer>> atTime = new HashMap<>();
    private final Set<Integer> states = new HashSet<>();
    private final List<Integer> worthReading;
    private final Map<Integer, Integer> initialOf = new HashMap<>();
    private final Map<UseRole, String> cotangents = new ConcurrentHashMap<>();
    private final Map<UseRole, String> terms = new ConcurrentHashMap<>();
    private final Map<Use, List<Tensor>> reads = new ConcurrentHashMap<>();

    Uses(Backward right, Notation notation) {
        this.right = right;
        this.notation = notation;
        this.base = new MutatedSweep(right, List.of());
        this.formulas = new Formulas(notation, base);
        for (int node = 0; node < right.graph().size(); node++) {
            int time = right.times().of(node);
            if (time != Times.NONE) {
                atTime.computeIfAbsent(right.roles().role(node), none -> new HashMap<>())
                        .put(time, node);
            }
        }
        for (UseRole role : right.useRoles()) {
            Use first = role.uses().getFirst();
            boolean isLeaf = right.graph().node(first.input()).inputCount() == 0;
            if (role.crosses() && isLeaf && role.uses().size() > 1) {
                initialOf.put(right.roles().role(role.uses().get(1).input()), first.input());
            }
            if (role.crosses()) {
                states.add(role.inputRole());
            }
        }
        this.worthReading = IntStream.range(0, right.roles().count())
                .filter(this::isWorthReading)
                .boxed()
                .toList();
    }

    Backward right() {
        return right;
    }

    Notation notation() {
        return notation;
    }

    /** The nodes of what a use brings in the right gradient. */
    List<Tensor> nodes(Use use) {
        Tensor term = right.term(use);
        return term == null ? List.of() : base.nodes(use, term);
    }

    Formulas formulas() {
        return formulas;
    }

    Tensor node(int position) {
        return right.graph().node(position);
    }

    /** Steps of the longest loop. */
    int steps() {
        return right.times().steps();
    }

    /** One use in the middle, where nothing of the first or last step is missing. */
    static Use middle(UseRole role) {
        return role.uses().get(role.uses().size() / 2);
    }

    /** The node of a role at a step; before the first, its initial state. */
    @Nullable
    Tensor at(int role, int time) {
        Integer node = time < 0
                ? initialOf.get(role)
                : atTime.getOrDefault(role, Map.of()).get(time);
        return node == null ? null : node(node);
    }

    /** The use of a role at a step. */
    static @Nullable Use useAt(UseRole role, int time) {
        for (Use use : role.uses()) {
            if (use.time() == time) {
                return use;
            }
        }
        return null;
    }

    /** Values of the forward pass that a use reads, as its term tells. */
    List<Tensor> reads(Use use) {
        return reads.computeIfAbsent(use, this::readsOf);
    }

    private List<Tensor> readsOf(Use use) {
        Tensor term = right.term(use);
        Tensor yBar = right.total(use.user());
        if (term == null || term == yBar) {
            return List.of();
        }
        return Terms.reads(term, base.isEnd()).stream()
                .filter(read -> read != yBar && right.isForward(read))
                .toList();
    }

    /** The uses that follow a use in the same step, as long as each is the only one and of what has no name. */
    List<Use> way(Use from) {
        List<Use> way = new ArrayList<>();
        Use at = from;
        while (way.size() < FAR) {
            List<Use> uses = right.usesOf(at.user());
            if (uses.size() != 1 || notation.isNamed(at.user())) {
                return way;
            }
            at = uses.getFirst();
            way.add(at);
        }
        return way;
    }

    /** What is called by a node's cotangent: the nearest that has a name, going backwards. */
    int named(int node) {
        List<Integer> open = new ArrayList<>(List.of(node));
        for (int i = 0; i < open.size(); i++) {
            int each = open.get(i);
            if (notation.isNamed(each)) {
                return each;
            }
            for (Tensor input : node(each).inputs()) {
                int position = right.graph().position(input);
                if (right.isNeeded(position) && !open.contains(position)) {
                    open.add(position);
                }
            }
        }
        return node;
    }

    /** The name of the cotangent that a use contributes to, seen from its step. */
    String cotangent(UseRole role) {
        return cotangents.computeIfAbsent(role, this::cotangentOf);
    }

    private String cotangentOf(UseRole role) {
        int node = middle(role).input();
        int now = middle(role).time();
        String product = notation.isNamed(node) || !isProduct(node) ? "" : formulas.value(node(node), now);
        if (!product.isEmpty() && product.length() <= LONGEST) {
            return "d(" + product + ")";
        }
        int named = named(node);
        String name = notation.cotangent(named, right.times().of(named));
        return name == null ? "d" + node(named).op().label() : name;
    }

    /** Whether a cotangent goes on to several, so that it is that of none of them. */
    private boolean isProduct(int node) {
        return node(node).inputs().stream()
                        .filter(input -> right.isNeeded(right.graph().position(input)))
                        .count()
                > 1;
    }

    /** Whether a role is a state, which is handed from step to step. */
    boolean isState(int role) {
        return states.contains(role);
    }

    /** The role of the state that a leaf is the first of; -1 if it is none. */
    int stateOf(int node) {
        return initialOf.entrySet().stream()
                .filter(each -> each.getValue() == node)
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** The roles that somebody may read by mistake: parameters, data, states, activations and what they are applied to. */
    List<Integer> worthReading() {
        return worthReading;
    }

    private boolean isWorthReading(int role) {
        Tensor node = node(right.roles().members(role)[0]);
        int first = right.roles().members(role)[0];
        boolean isLoose = node.inputCount() == 0 && right.times().of(first) == Times.NONE && !right.isNeeded(first);
        boolean isValue = node.dtype().isFloating() && node.shape().rank() > 0 && !isLoose;
        return isValue
                && (node.inputCount() == 0
                        || states.contains(role)
                        || Notation.isActivation(node)
                        || notation.isNamed(right.roles().members(role)[0]));
    }

    /** What a use brings, as a formula. */
    String term(UseRole role) {
        return terms.computeIfAbsent(role, each -> formulas.term(middle(each)));
    }

    String value(Tensor tensor, int now) {
        return formulas.value(tensor, now);
    }
}
