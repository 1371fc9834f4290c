package dev.clew.internal.audit;

import dev.clew.audit.Unrolled;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What nodes are called: as the user calls them, and what has no name but is worth one, such as a pre-activation, by what it is.
 *
 * <p>A value at the step of which a formula speaks is {@code h_t}, one of the step before {@code h_{t−1}}; the derivative of the loss
 * by h_t is {@code dh_t}, by a pre-activation {@code δ_t}.
 */
final class Notation {
    private final Backward right;
    private final Map<Integer, String> ofNode = new HashMap<>();
    private final Map<Integer, String> ofRole = new HashMap<>();
    private final Map<Integer, String> delta = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    Notation(Backward right, Unrolled forward, Map<String, Tensor> data) {
        this.right = right;
        forward.parameters().forEach(this::give);
        forward.initial().forEach(this::give);
        forward.steps().forEach((name, list) -> list.forEach(each -> give(name, each)));
        forward.steps().forEach((name, list) -> giveRole(name, list));
        nameData(data);
        nameInputs();
        namePreActivations();
        nameLogits();
    }

    /** Data of every step that has no name: what is multiplied by a matrix is an input, what the loop does not know a target. */
    private void nameInputs() {
        int[][] inputs = right.graph().inputPositions();
        for (int user = 0; user < inputs.length; user++) {
            for (int input : inputs[user]) {
                if (right.isNeeded(user)) {
                    boolean isInput = right.graph().node(user).op() instanceof Contraction;
                    boolean isTarget = right.isOfLoss(user);
                    nameInput(input, isInput ? "x" : isTarget ? "y" : "m");
                }
            }
        }
    }

    /** What data is computed from other data, as 1 − m, is called by its formula. */
    private void nameInput(int node, String name) {
        Tensor tensor = right.graph().node(node);
        boolean isData = right.times().of(node) != Times.NONE
                && !right.isNeeded(node)
                && tensor.shape().rank() > 0
                && !isLiteral(tensor);
        if (isData && !isNamed(node)) {
            if (isComputed(tensor)) {
                tensor.inputs().forEach(input -> nameInput(right.graph().position(input), name));
            } else {
                ofRole.put(right.roles().role(node), free(name));
            }
        }
    }

    private static boolean isComputed(Tensor tensor) {
        return tensor.inputCount() > 0
                && !(tensor.op() instanceof Movement)
                && !(tensor.op() instanceof Elementwise.Cast);
    }

    /** What is cut out of named data at every step has the name of it. */
    private void nameData(Map<String, Tensor> data) {
        data.forEach((name, tensor) -> {
            int source = right.graph().position(tensor);
            for (int node = 0; node < right.graph().size() && source >= 0; node++) {
                boolean isOfStep = right.times().of(node) != Times.NONE && isCutOf(node, source);
                if (isOfStep && !ofNode.containsKey(node) && !right.isNeeded(node)) {
                    ofRole.putIfAbsent(right.roles().role(node), name);
                }
            }
            give(name, tensor);
        });
        nameSeries();
    }

    /** Data of the steps that are called y0, y1, … are y. */
    private void nameSeries() {
        for (int role = 0; role < right.roles().count(); role++) {
            int[] members = right.roles().members(role);
            Set<String> own = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (int node : members) {
                String name = ofNode.getOrDefault(node, "");
                own.add(name);
                names.add(name.replaceFirst("[0-9]+$", ""));
            }
            String name = names.iterator().next();
            boolean isSeries = members.length > 1 && own.size() == members.length && names.size() == 1;
            if (isSeries && !name.isEmpty() && taken.add(name)) {
                ofRole.put(role, name);
                Arrays.stream(members).forEach(ofNode::remove);
            }
        }
    }

    /** Whether a value is made of single numbers alone. */
    static boolean isLiteral(Tensor tensor) {
        return tensor.inputCount() == 0
                ? tensor.shape().rank() == 0
                : tensor.inputs().stream().allMatch(Notation::isLiteral);
    }

    private boolean isCutOf(int node, int source) {
        Tensor at = right.graph().node(node);
        while (at.op() instanceof Movement) {
            at = at.input(0);
        }
        return right.graph().position(at) == source;
    }

    private void give(String name, Tensor tensor) {
        int node = right.graph().position(tensor);
        taken.add(name);
        if (node >= 0) {
            ofNode.putIfAbsent(node, name);
        }
    }

    private void giveRole(String name, List<Tensor> list) {
        int node = right.graph().position(list.get(list.size() / 2));
        if (node >= 0 && right.times().of(node) != Times.NONE) {
            ofRole.putIfAbsent(right.roles().role(node), name);
        }
    }

    private void namePreActivations() {
        for (UseRole role : right.useRoles()) {
            Tensor user = right.graph().node(role.uses().getFirst().user());
            boolean isInStep = role.uses().getFirst().time() != Times.NONE;
            if (isActivation(user) && isInStep) {
                String suffix = ofRole.getOrDefault(role.userRole(), "");
                delta.putIfAbsent(role.inputRole(), free("δ" + suffixOf(suffix)));
                ofRole.putIfAbsent(role.inputRole(), free("a" + suffixOf(suffix)));
            }
        }
    }

    private String suffixOf(String name) {
        long activations = right.useRoles().stream()
                .filter(role ->
                        isActivation(right.graph().node(role.uses().getFirst().user())))
                .count();
        return activations > 1 ? name : "";
    }

    static boolean isActivation(Tensor node) {
        return node.op() instanceof Unary row
                && Set.of(Unary.TANH, Unary.SIGMOID, Unary.RELU, Unary.SOFTPLUS, Unary.GELU, Unary.SILU, Unary.SOFTSIGN)
                        .contains(row);
    }

    /** What leaves the loop as a product with a parameter, or such a product and a bias. */
    private void nameLogits() {
        for (int role = 0; role < right.roles().count(); role++) {
            int node = right.roles().members(role)[0];
            boolean isOutside = right.isOfLoss(node) && right.isNeeded(node);
            if (isOutside
                    && isAffine(node)
                    && !isPartOfSum(node)
                    && !ofRole.containsKey(role)
                    && !ofNode.containsKey(node)) {
                ofRole.put(role, free("o"));
            }
        }
    }

    private boolean isAffine(int node) {
        Tensor tensor = right.graph().node(node);
        return tensor.op() instanceof Contraction
                || (tensor.op().label().equals("plus")
                        && tensor.inputs().stream().anyMatch(input -> input.op() instanceof Contraction));
    }

    private boolean isPartOfSum(int node) {
        return right.usesOf(node).stream()
                .anyMatch(use -> isAffine(use.user())
                        && right.graph().node(use.user()).op().label().equals("plus"));
    }

    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + i;
        }
        return name;
    }

    /** The name without the step; null if it has none. */
    @Nullable
    String name(int node) {
        String own = ofNode.get(node);
        return own != null ? own : ofRole.get(right.roles().role(node));
    }

    boolean isNamedForward(Tensor tensor) {
        int node = right.graph().position(tensor);
        return node >= 0 && isNamed(node);
    }

    boolean isNamed(int node) {
        return name(node) != null;
    }

    /** A value, seen from a step. */
    @Nullable
    String value(int node, int now) {
        String name = name(node);
        return name == null ? null : name + subscript(node, now);
    }

    /** The derivative of the loss by a node, seen from a step. */
    @Nullable
    String cotangent(int node, int now) {
        String own = delta.get(right.roles().role(node));
        String name = name(node);
        if (own != null && (name == null || !ofNode.containsKey(node))) {
            return own + subscript(node, now);
        }
        return name == null ? null : "d" + name + subscript(node, now);
    }

    private String subscript(int node, int now) {
        int time = right.times().of(node);
        if (time == Times.NONE) {
            return "";
        }
        int steps = right.times().steps();
        if (now == Times.NONE) {
            return "_" + time;
        }
        return switch (time - now) {
            case 0 -> "_t";
            case 1 -> "_{t+1}";
            case -1 -> "_{t−1}";
            case 2 -> "_{t+2}";
            case -2 -> "_{t−2}";
            default -> time == steps - 1 ? "_T" : "_" + time;
        };
    }

    /** The names that are taken. */
    @Override
    public String toString() {
        return "Notation " + Arrays.toString(taken.toArray());
    }
}
