package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Mistakes in names: a gradient copied from another, exchanged with another, transposed; two gates exchanged. */
final class Plumbing {
    private final Uses line;
    private final Map<Integer, Set<UseRole>> into = new TreeMap<>();
    private final List<Mutation> found = new ArrayList<>();

    private Plumbing(Uses line) {
        this.line = line;
        for (UseRole role : line.right().useRoles()) {
            for (Use use : role.uses()) {
                into.computeIfAbsent(use.input(), none -> new HashSet<>()).add(role);
            }
        }
    }

    static List<Mutation> of(Uses line) {
        Plumbing plumbing = new Plumbing(line);
        List<Integer> targets = plumbing.into.keySet().stream()
                .filter(node ->
                        line.node(node).inputCount() == 0 && line.notation().isNamed(node))
                .toList();
        for (int one : targets) {
            plumbing.transposed(one);
            plumbing.dropped(one);
            for (int two : targets) {
                if (one != two && line.node(one).shape().equals(line.node(two).shape())) {
                    plumbing.copied(one, two);
                    if (one < two) {
                        plumbing.exchanged(one, two);
                    }
                }
            }
        }
        plumbing.states(targets);
        plumbing.gates();
        return plumbing.found;
    }

    private Set<UseRole> into(int node) {
        return into.getOrDefault(node, Set.of());
    }

    /** Whether a use is the one at which the whole cotangent of its input is put in place of what all uses bring. */
    private boolean isFirst(Use use) {
        return line.right().usesOf(use.input()).getFirst().equals(use);
    }

    private void copied(int to, int from) {
        String copy = line.notation().cotangent(from, Times.NONE);
        String name = "d" + line.notation().name(to) + " is a copy of " + copy;
        found.add(new Mutation(
                Family.PLUMBING,
                4,
                () -> name,
                () -> "Give " + line.notation().name(to) + " its own gradient.",
                into(to),
                (use, now, sweep) -> use.input() != to ? now : isFirst(use) ? sweep.total(from) : null));
    }

    private void exchanged(int one, int two) {
        String name =
                "d" + line.notation().name(one) + " and d" + line.notation().name(two) + " are exchanged";
        Set<UseRole> both = new HashSet<>(into(one));
        both.addAll(into(two));
        found.add(new Mutation(Family.PLUMBING, 3, () -> name, () -> "Exchange them.", both, (use, now, sweep) -> {
            int other = use.input() == one ? two : one;
            boolean isOurs = use.input() == one || use.input() == two;
            Tensor whole = isOurs ? line.right().predicted(other) : null;
            return !isOurs ? now : isFirst(use) ? whole : null;
        }));
    }

    private void dropped(int node) {
        String name = line.notation().name(node);
        found.add(new Mutation(
                Family.PLUMBING,
                2,
                () -> "the gradient of " + name + " is dropped: it stays 0",
                () -> "Return d" + name + ".",
                into(node),
                (use, now, sweep) -> use.input() == node ? null : now));
        found.add(new Mutation(
                Family.SCALE,
                2,
                () -> "the gradient of " + name + " is negated",
                () -> "Turn the sign of d" + name + ".",
                into(node),
                (use, now, sweep) -> use.input() == node && now != null ? now.negate() : now));
    }

    /** An initial state is given the cotangent of a state of the loop, one step off. */
    private void states(List<Integer> targets) {
        for (int target : targets) {
            Set<Integer> roles = new HashSet<>();
            into(target).stream().filter(UseRole::crosses).forEach(role -> roles.add(role.inputRole()));
            for (int role : roles) {
                Tensor first = line.at(role, 0);
                if (first != null && first.shape().equals(line.node(target).shape())) {
                    copied(target, line.right().graph().position(first));
                    handed(target, line.right().graph().position(first));
                }
            }
        }
    }

    /** The code hands on what it has before it adds what the first step itself brings, but for the loss of that step. */
    private void handed(int initial, int first) {
        String name = line.notation().name(initial);
        String of = line.notation().cotangent(first, Times.NONE);
        boolean bringsMore = line.right().usesOf(first).stream()
                .anyMatch(use -> !line.right().isOfLoss(use.user())
                        && !line.right().role(use).crosses());
        for (boolean isWithLoss : bringsMore ? new boolean[] {false, true} : new boolean[] {false}) {
            found.add(new Mutation(
                    Family.PLUMBING,
                    5,
                    () -> "d" + name + " is a copy of what is handed on to " + of
                            + (isWithLoss ? ", and of its loss" : ""),
                    () -> "Go through the first step, too.",
                    into(initial),
                    (use, now, sweep) ->
                            use.input() != initial ? now : isFirst(use) ? handed(first, sweep, isWithLoss) : null));
        }
    }

    private @Nullable Tensor handed(int first, MutatedSweep sweep, boolean isWithLoss) {
        List<Tensor> terms = new ArrayList<>();
        Tensor handed = sweep.handedTo(first);
        if (handed != null) {
            terms.add(handed);
        }
        for (Use use : line.right().usesOf(first)) {
            boolean isOfLoss = isWithLoss && line.right().isOfLoss(use.user());
            Tensor term = isOfLoss ? sweep.carried(use, sweep.total(use.user())) : null;
            if (term != null) {
                terms.add(term);
            }
        }
        return Backward.sum(terms);
    }

    private void transposed(int node) {
        Tensor target = line.node(node);
        boolean isSquare = target.shape().rank() == 2
                && target.shape().length(0) == target.shape().length(1)
                && target.shape().length(0) > 1;
        if (isSquare) {
            String name = "d" + line.notation().name(node) + " is transposed";
            found.add(new Mutation(
                    Family.ORDER,
                    2,
                    () -> name,
                    () -> "Transpose it.",
                    into(node),
                    (use, now, sweep) -> now == null || use.input() != node ? now : now.transpose(1, 0)));
        }
    }

    /** Gates are activations of one shape in a loop: the cotangents of their pre-activations are exchanged, or their values are. */
    private void gates() {
        List<UseRole> gates = line.right().useRoles().stream()
                .filter(role ->
                        Notation.isActivation(line.node(Uses.middle(role).user())))
                .filter(role -> line.right().times().of(Uses.middle(role).user()) != Times.NONE)
                .toList();
        for (UseRole one : gates) {
            for (UseRole two : gates) {
                boolean isPair = one.index() < two.index()
                        && line.node(Uses.middle(one).user())
                                .shape()
                                .equals(line.node(Uses.middle(two).user()).shape());
                if (isPair) {
                    copiedDelta(one, two);
                    copiedDelta(two, one);
                    exchangedDeltas(one, two);
                    exchangedValues(one, two);
                }
            }
        }
    }

    private void copiedDelta(UseRole to, UseRole from) {
        String name = line.cotangent(from) + " stands where " + line.cotangent(to) + " belongs";
        found.add(new Mutation(
                Family.PLUMBING,
                5,
                () -> name,
                () -> "Use " + line.cotangent(to) + ".",
                Set.of(to),
                (use, now, sweep) -> {
                    Use other = Uses.useAt(from, use.time());
                    return other == null ? null : sweep.carried(other, sweep.total(other.user()));
                }));
    }

    private void exchangedDeltas(UseRole one, UseRole two) {
        String name = line.cotangent(one) + " and " + line.cotangent(two) + " are exchanged";
        found.add(new Mutation(
                Family.GATE, 5, () -> name, () -> "Exchange them.", Set.of(one, two), (use, now, sweep) -> {
                    UseRole own = line.right().role(use);
                    Use other = Uses.useAt(own.equals(one) ? two : one, use.time());
                    return other == null ? null : sweep.carried(other, sweep.total(other.user()));
                }));
    }

    private void exchangedValues(UseRole one, UseRole two) {
        int a = one.userRole();
        int b = two.userRole();
        Set<UseRole> readers = new HashSet<>();
        for (UseRole role : line.right().useRoles()) {
            for (Tensor read : line.reads(Uses.middle(role))) {
                int of = line.right().roles().role(line.right().graph().position(read));
                if (of == a || of == b) {
                    readers.add(role);
                }
            }
        }
        int now = Uses.middle(one).time();
        String name = line.value(line.node(Uses.middle(one).user()), now) + " and "
                + line.value(line.node(Uses.middle(two).user()), now) + " are exchanged";
        found.add(new Mutation(
                Family.GATE,
                6,
                () -> name,
                () -> "Exchange them.",
                readers,
                (use, term, sweep) -> term == null
                        ? null
                        : sweep.rewritten(use, term, end -> exchanged(end, a, b), (node, inputs) -> null)));
    }

    private Tensor exchanged(Tensor end, int a, int b) {
        int position = line.right().graph().position(end);
        if (position < 0) {
            return end;
        }
        int role = line.right().roles().role(position);
        int time = line.right().times().of(position);
        Tensor other = role == a ? line.at(b, time) : role == b ? line.at(a, time) : end;
        return other == null ? end : other;
    }
}
