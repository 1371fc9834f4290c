package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes that take a sweep for every step, and are tried when no other fits: each step's loss goes back a number of steps only; the
 * Jacobians of the steps are multiplied in the order of time.
 */
final class Deep {
    private final Uses line;
    private final Set<UseRole> all;
    private final BitSet before = new BitSet();
    private final List<Mutation> found = new ArrayList<>();

    private Deep(Uses line) {
        this.line = line;
        this.all = new HashSet<>(line.right().useRoles());
        for (int node = line.right().graph().size() - 1; node >= 0; node--) {
            boolean isBefore = before.get(node) || line.right().times().isInLoop(node);
            for (Tensor input : isBefore ? line.node(node).inputs() : List.<Tensor>of()) {
                before.set(line.right().graph().position(input));
            }
        }
    }

    static List<Mutation> of(Uses line) {
        Deep deep = new Deep(line);
        if (line.steps() > 1) {
            for (int k = 1; k < line.steps(); k++) {
                deep.window(k);
            }
            deep.forwardOrder();
            deep.sweptForward();
        }
        return deep.found;
    }

    /** Whether a use takes what the loss gives a step into the loop. */
    private boolean isExit(Use use) {
        return line.right().isOfLoss(use.user()) && line.right().times().isInLoop(use.input());
    }

    /** Whether what a use brings has come through the loop. */
    private boolean isPassed(Use use) {
        return line.right().times().isInLoop(use.user()) || before.get(use.user());
    }

    private boolean isCrossing(Use use) {
        return line.right().role(use).crosses();
    }

    private void window(int k) {
        Mutation[] self = new Mutation[1];
        self[0] = new Mutation(
                Family.TIME,
                3,
                () -> "truncated after " + k + (k == 1 ? " step" : " steps")
                        + ": the loss of a step goes no farther back",
                () -> "Go back to the first step.",
                all,
                (use, now, sweep) -> isPassed(use) ? Backward.sum(terms(sweep, self[0], use, k)) : now);
        found.add(self[0]);
    }

    private List<Tensor> terms(MutatedSweep sweep, Mutation self, Use use, int k) {
        List<Tensor> terms = new ArrayList<>();
        for (MutatedSweep part : sweep.parts(self, others -> parts(others, k))) {
            Tensor term = part.term(use);
            if (term != null) {
                terms.add(term);
            }
        }
        return terms;
    }

    /** A sweep for the loss of every step alone. */
    private List<MutatedSweep> parts(List<Mutation> others, int k) {
        return IntStream.range(0, line.steps())
                .mapToObj(s -> {
                    Mutation only = new Mutation(Family.TIME, 0, () -> "", () -> "", all, (use, now, sweep) -> {
                        boolean isOther = isExit(use) && use.time() != s;
                        boolean isTooFar = isCrossing(use) && use.time() <= s - k;
                        return isOther || isTooFar ? null : now;
                    });
                    return new MutatedSweep(line.right(), Search.with(others, only));
                })
                .toList();
    }

    /** What a step hands on comes to the step after it, since the loop counts up. */
    private void sweptForward() {
        Map<Integer, List<UseRole>> crossing = new HashMap<>();
        line.right().useRoles().stream()
                .filter(UseRole::crosses)
                .forEach(role -> crossing.computeIfAbsent(role.inputRole(), none -> new ArrayList<>())
                        .add(role));
        found.add(new Mutation(
                Family.ORDER,
                3,
                () -> "the backward loop counts up: a step gets what the step before hands on",
                () -> "Count down, from the last step to the first.",
                all,
                (use, now, sweep) -> handedForward(crossing, use, now, sweep),
                carriers()));
    }

    private @Nullable Tensor handedForward(
            Map<Integer, List<UseRole>> crossing, Use use, @Nullable Tensor now, MutatedSweep sweep) {
        boolean isInitial = line.node(use.input()).inputCount() == 0;
        List<UseRole> roles = isInitial && isCrossing(use)
                ? crossing.get(line.right().role(use).inputRole())
                : crossing.get(line.right().roles().role(use.input()));
        if (roles == null) {
            return now;
        }
        int from = isInitial ? line.steps() - 1 : line.right().times().of(use.input()) - 1;
        List<Tensor> terms = new ArrayList<>();
        if (now != null && !isCrossing(use)) {
            terms.add(now);
        }
        boolean isFirst = line.right().usesOf(use.input()).getFirst().equals(use);
        for (UseRole role : isFirst ? roles : List.<UseRole>of()) {
            Use other = Uses.useAt(role, from);
            Tensor handed = other == null ? null : sweep.carried(other, sweep.total(other.user()));
            if (handed != null) {
                terms.add(handed);
            }
        }
        return Backward.sum(terms);
    }

    private Set<UseRole> carriers() {
        Set<UseRole> carriers = new HashSet<>(all);
        carriers.removeIf(role -> !role.crosses());
        return carriers;
    }

    private void forwardOrder() {
        Set<Integer> states = new HashSet<>();
        carriers().forEach(role -> states.add(role.inputRole()));
        Set<UseRole> from = new HashSet<>(carriers());
        all.stream()
                .filter(role -> isExit(Uses.middle(role)) && states.contains(role.inputRole()))
                .forEach(from::add);
        found.add(new Mutation(
                Family.ORDER,
                3,
                () -> "the Jacobians of the steps are multiplied in the order of time",
                () -> "Multiply by the Jacobian of the last step first, and go backwards.",
                from,
                (use, now, sweep) -> isFirstOf(from, use) ? wrongSums(states).get(use.input()) : null,
                from));
    }

    private boolean isFirstOf(Set<UseRole> some, Use use) {
        for (Use other : line.right().usesOf(use.input())) {
            if (some.contains(line.right().role(other))) {
                return other.equals(use);
            }
        }
        return false;
    }

    private @Nullable Map<Integer, Tensor> sums;

    private synchronized Map<Integer, Tensor> wrongSums(Set<Integer> states) {
        Map<Integer, Tensor> known = sums;
        if (known == null) {
            known = new HashMap<>();
            for (int t = -1; t < line.steps(); t++) {
                for (Map.Entry<Integer, Tensor> each : sumAt(states, t).entrySet()) {
                    known.put(each.getKey(), each.getValue());
                }
            }
            sums = known;
        }
        return known;
    }

    /** What the losses of all steps from t on give the states of step t, each through the Jacobians in the order of time. */
    private Map<Integer, Tensor> sumAt(Set<Integer> states, int t) {
        Map<Integer, List<Tensor>> terms = new HashMap<>();
        for (int s = Math.max(t, 0); s < line.steps(); s++) {
            Map<Integer, Tensor> x = seeds(states, s, s == t ? t : t + 1);
            for (int tau = t + 1; tau <= s; tau++) {
                x = back(states, tau, x, tau < s ? tau + 1 : t);
            }
            x.forEach((node, term) ->
                    terms.computeIfAbsent(node, none -> new ArrayList<>()).add(term));
        }
        Map<Integer, Tensor> sums = new HashMap<>();
        terms.forEach((node, list) -> sums.put(node, Backward.sum(list)));
        return sums;
    }

    /** What the loss of step s gives the states, as cotangents of the states of another step. */
    private Map<Integer, Tensor> seeds(Set<Integer> states, int s, int at) {
        Map<Integer, Tensor> seeds = new HashMap<>();
        for (int role : states) {
            Tensor state = line.at(role, s);
            Tensor there = line.at(role, at);
            if (state != null && there != null) {
                List<Tensor> terms = new ArrayList<>();
                for (Use use : line.right().usesOf(line.right().graph().position(state))) {
                    Tensor term = line.right().term(use);
                    if (term != null && isExit(use)) {
                        terms.add(term);
                    }
                }
                Tensor sum = Backward.sum(terms);
                if (sum != null) {
                    seeds.put(line.right().graph().position(there), sum);
                }
            }
        }
        return seeds;
    }

    /** Through the Jacobian of step tau; what comes out is taken for the cotangent of the states of another step. */
    private Map<Integer, Tensor> back(Set<Integer> states, int tau, Map<Integer, Tensor> x, int at) {
        Mutation noLoss = new Mutation(
                Family.TIME,
                0,
                () -> "",
                () -> "",
                all,
                (use, now, sweep) -> isExit(use) || (isCrossing(use) && use.time() != tau) ? null : now);
        MutatedSweep sweep = new MutatedSweep(line.right(), List.of(noLoss), x);
        Map<Integer, Tensor> out = new HashMap<>();
        for (int role : states) {
            Tensor before = line.at(role, tau - 1);
            Tensor there = line.at(role, at);
            Tensor sum =
                    before == null ? null : sweep.handedTo(line.right().graph().position(before));
            if (sum != null && there != null) {
                out.put(line.right().graph().position(there), sum);
            }
        }
        return out;
    }
}
