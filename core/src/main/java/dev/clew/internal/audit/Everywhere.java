package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes in a value that several lines of the backward pass read, as masks and gates are: it is another one in all of them, and in what
 * is computed from it alone, such as 1 − z.
 */
final class Everywhere {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private Everywhere(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        Everywhere everywhere = new Everywhere(line);
        Map<Integer, Set<UseRole>> readers = new HashMap<>();
        for (UseRole role : line.right().useRoles()) {
            for (Tensor read : line.reads(Uses.middle(role))) {
                everywhere
                        .sources(line.right().graph().position(read))
                        .forEach(source -> readers.computeIfAbsent(source, none -> new HashSet<>())
                                .add(role));
            }
        }
        readers.forEach((role, some) -> {
            int[] members = line.right().roles().members(role);
            boolean isInSteps =
                    members.length > 1 && line.right().times().of(members[members.length / 2]) != Times.NONE;
            if (some.size() > 1 && isInSteps) {
                everywhere.replaced(role, some);
            }
        });
        return everywhere.found;
    }

    /** The roles that a value is, or is a function of alone. */
    private Set<Integer> sources(int node) {
        Set<Integer> all = new HashSet<>();
        int at = node;
        while (at >= 0) {
            all.add(line.right().roles().role(at));
            Tensor tensor = line.node(at);
            List<Tensor> variable =
                    tensor.inputs().stream().filter(input -> !isLiteral(input)).toList();
            boolean isFunction = (tensor.op() instanceof Elementwise
                            || tensor.op() instanceof Movement.Broadcast
                            || tensor.op() instanceof Movement.Reshape)
                    && variable.size() == 1
                    && !Notation.isActivation(tensor);
            at = isFunction ? line.right().graph().position(variable.getFirst()) : -1;
        }
        return all;
    }

    private static boolean isLiteral(Tensor tensor) {
        return tensor.op() instanceof Movement.Broadcast
                ? isLiteral(tensor.input(0))
                : tensor.inputCount() == 0 && tensor.shape().rank() == 0;
    }

    /** From a value and its step, what stands in its place. */
    private interface Other extends BiFunction<Tensor, Integer, @Nullable Tensor> {}

    /** What may stand in place of a value, in all that reads it. */
    private void replaced(int role, Set<UseRole> readers) {
        int[] members = line.right().roles().members(role);
        int middle = members[members.length / 2];
        int now = line.right().times().of(middle);
        String value = line.value(line.node(middle), now);
        alikeAtEveryStep(role, readers, value);
        for (int by : new int[] {1, -1}) {
            Tensor there = line.at(role, now + by);
            if (there != null) {
                String name = line.value(there, now) + " stands where " + value + " belongs";
                ofOtherStep(role, readers, by, name);
            }
        }
    }

    /** Nothing, the complement, or the value of one end: the same mistake whatever the step. */
    private void alikeAtEveryStep(int role, Set<UseRole> readers, String value) {
        Tensor first = line.at(role, 0);
        Tensor last = line.at(role, line.steps() - 1);
        String everywhere = " step stands for every step where " + value + " belongs";
        add(role, readers, 6, value + " is ignored: 1 stands in its place", (it, t) -> ones(it));
        add(role, readers, 7, value + " stands the wrong way round: 1 − it", (it, t) -> ones(it).minus(it));
        add(role, readers, 6, "that of the first" + everywhere, (it, t) -> first);
        add(role, readers, 8, "that of the last" + everywhere, (it, t) -> last);
    }

    /** The value of a step nearby, by what is read where there is no such step. */
    private void ofOtherStep(int role, Set<UseRole> readers, int by, String name) {
        Other own = (it, t) -> or(line.at(role, t + by), it);
        Other wrapped = (it, t) -> line.at(role, Math.floorMod(t + by, line.steps()));
        Other orOne = (it, t) -> or(line.at(role, t + by), ones(it));
        Other orZero = (it, t) -> or(line.at(role, t + by), zeros(it));
        add(role, readers, 6, name + ", and that of the same step at the end", own);
        add(role, readers, 7, name + "; the index wraps round", wrapped);
        add(role, readers, 7, name + ", with 1 beyond the end", orOne);
        add(role, readers, 7, name + ", with 0 beyond the end", orZero);
    }

    private static Tensor ones(Tensor like) {
        return Tensor.ones(like.dtype(), like.shape().lengths());
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.dtype(), like.shape().lengths());
    }

    private static @Nullable Tensor or(@Nullable Tensor one, Tensor other) {
        return one != null ? one : other;
    }

    private void add(int role, Set<UseRole> readers, int rank, String name, Other other) {
        found.add(new Mutation(
                Family.GATE,
                rank,
                () -> name,
                () -> "Read the value of the same step.",
                readers,
                (use, now, sweep) -> now == null
                        ? null
                        : sweep.rewritten(use, now, end -> replacedIn(end, role, other), (node, inputs) -> null)));
    }

    /** The value itself, or a function of it, computed again from what stands in its place. */
    private Tensor replacedIn(Tensor end, int role, Other other) {
        int node = line.right().graph().position(end);
        if (node < 0 || !sources(node).contains(role)) {
            return end;
        }
        if (line.right().roles().role(node) == role) {
            Tensor instead = other.apply(end, line.right().times().of(node));
            return instead == null || !instead.shape().equals(end.shape()) ? end : instead;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : end.inputs()) {
            inputs.add(isLiteral(input) ? input : replacedIn(input, role, other));
        }
        return inputs.equals(end.inputs()) ? end : Terms.on(end.op(), inputs);
    }
}
