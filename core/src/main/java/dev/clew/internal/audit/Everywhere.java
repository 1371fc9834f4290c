package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Mistakes in a value that several lines of the backward pass read, as masks and gates are: it is another one in all of them, and in what
 * is computed from it alone, such as 1 − z.
 */
final class Everywhere {
    private static final int FAR = 8;

    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private Everywhere(Uses line) {
        this.line = line;
    }

    /** The value of a role as seen from a step: that of the step itself, or h_{t−1} of the one before. */
    private record Seen(int role, int offset) {}

    static List<Mutation> of(Uses line) {
        Everywhere everywhere = new Everywhere(line);
        Map<Seen, Set<UseRole>> readers = new LinkedHashMap<>();
        Map<Seen, Set<UseRole>> nested = new LinkedHashMap<>();
        for (UseRole role : line.right().useRoles()) {
            Use middle = Uses.middle(role);
            for (Tensor read : line.reads(middle)) {
                int position = line.right().graph().position(read);
                Seen itself = everywhere.seen(position, middle.time());
                for (Seen source : everywhere.sources(position, middle.time())) {
                    readers.computeIfAbsent(source, none -> new LinkedHashSet<>())
                            .add(role);
                    if (!source.equals(itself)) {
                        nested.computeIfAbsent(source, none -> new LinkedHashSet<>())
                                .add(role);
                    }
                }
            }
        }
        readers.forEach((seen, some) -> {
            if (some.size() > 1 && everywhere.isInSteps(seen)) {
                everywhere.replaced(seen, some);
            }
        });
        nested.forEach((seen, some) -> some.stream()
                .filter(role -> everywhere.isInSteps(seen))
                .forEach(role -> everywhere.replaced(seen, Set.of(role))));
        return everywhere.found;
    }

    private boolean isInSteps(Seen seen) {
        int[] members = line.right().roles().members(seen.role());
        return members.length > 1 && line.right().times().of(members[members.length / 2]) != Times.NONE;
    }

    /** What a value is, or what it is computed from, if it has no name itself. */
    private Set<Seen> sources(int node, int now) {
        Set<Seen> all = new LinkedHashSet<>();
        List<Integer> open = new ArrayList<>(List.of(node));
        for (int i = 0; i < open.size() && i < FAR; i++) {
            Tensor tensor = line.node(open.get(i));
            if (isFunction(tensor) && !line.notation().isNamed(open.get(i))) {
                tensor.inputs().stream()
                        .filter(input -> !isLiteral(input))
                        .map(line.right().graph()::position)
                        .filter(input -> !open.contains(input))
                        .forEach(open::add);
            } else {
                all.add(seen(open.get(i), now));
            }
        }
        return all;
    }

    private static boolean isFunction(Tensor tensor) {
        return (tensor.op() instanceof Elementwise
                        || tensor.op() instanceof Movement.Broadcast
                        || tensor.op() instanceof Movement.Reshape)
                && !Notation.isActivation(tensor);
    }

    /** A leaf that is the first of a state is that of the step before the first. */
    private Seen seen(int node, int now) {
        int state = line.stateOf(node);
        if (state >= 0) {
            return new Seen(state, -1 - now);
        }
        int time = line.right().times().of(node);
        return new Seen(line.right().roles().role(node), time == Times.NONE ? 0 : time - now);
    }

    private static boolean isLiteral(Tensor tensor) {
        return tensor.op() instanceof Movement.Broadcast
                ? isLiteral(tensor.input(0))
                : tensor.inputCount() == 0 && tensor.shape().rank() == 0;
    }

    private void ignored(Seen seen, Set<UseRole> readers, String value) {
        boolean isData = !line.right().isNeeded(line.right().roles().members(seen.role())[0]);
        String without = isData ? " is ignored" : " is missing";
        OtherSteps.Other ones = (t, it) -> OtherSteps.ones(it);
        OtherSteps.Other complement = (t, it) -> OtherSteps.ones(it).minus(it);
        add(Family.GATE, seen, readers, 6, value + without + ": 1 stands in its place", ones);
        add(Family.GATE, seen, readers, 7, value + " stands the wrong way round: 1 − it", complement);
    }

    /** What may stand in place of a value, in all that reads it. */
    private void replaced(Seen seen, Set<UseRole> readers) {
        int[] members = line.right().roles().members(seen.role());
        int middle = members[members.length / 2];
        int now = line.right().times().of(middle) - seen.offset();
        String value = line.value(line.node(middle), now);
        if (readers.size() > 1) {
            ignored(seen, readers, value);
        }
        UseRole first = readers.iterator().next();
        boolean isWhole = line.at(seen.role(), first.lastTime() + seen.offset() + 1) != null;
        OtherSteps steps = new OtherSteps(line, seen.role(), value, first.firstTime() + seen.offset());
        for (OtherSteps.Mistake each : steps.mistakes(now, now + seen.offset(), true, isWhole)) {
            add(
                    OtherSteps.family(each),
                    seen,
                    readers,
                    each.rank() - (readers.size() > 1 ? 2 : -2),
                    each.name(),
                    each.other());
        }
    }

    private void add(Family family, Seen seen, Set<UseRole> readers, int rank, String name, OtherSteps.Other other) {
        found.add(new Mutation(
                family,
                rank,
                () -> name,
                () -> "Read the value of the same step.",
                readers,
                (use, now, sweep) -> now == null
                        ? null
                        : sweep.rewritten(
                                use, now, end -> replacedIn(end, seen, use.time(), other), (node, inputs) -> null)));
    }

    /** The value itself, or a function of it, computed again from what stands in its place. */
    private Tensor replacedIn(Tensor end, Seen seen, int now, OtherSteps.Other other) {
        int node = line.right().graph().position(end);
        if (node < 0 || !sources(node, now).contains(seen)) {
            return end;
        }
        if (seen(node, now).equals(seen)) {
            Tensor instead = other.apply(now + seen.offset(), end);
            return instead == null || !instead.shape().equals(end.shape()) ? end : instead;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : end.inputs()) {
            inputs.add(isLiteral(input) ? input : replacedIn(input, seen, now, other));
        }
        return inputs.equals(end.inputs()) ? end : Terms.on(end.op(), inputs);
    }
}
