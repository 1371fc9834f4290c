package dev.clew.internal.audit;

import dev.clew.audit.Explanation;
import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the second call of the same code at the same point has that the first has not: sums that are never set to 0, and carries of which
 * the last step begins with what the call before left.
 */
final class Leftovers {
    private final Backward right;
    private final Uses line;
    private final List<Target> first;
    private final List<Target> second;
    private final List<Mutation> made;
    private final Valuation values;
    private final double tolerance;

    Leftovers(
            Uses line,
            List<Target> first,
            List<Target> second,
            List<Mutation> made,
            Valuation values,
            double tolerance) {
        this.right = line.right();
        this.line = line;
        this.first = first;
        this.second = second;
        this.made = made;
        this.values = values;
        this.tolerance = tolerance;
    }

    /** The mistakes that only a second call shows; none if what was found does not give its numbers. */
    List<Explanation> explanations() {
        Map<Integer, Integer> states = states();
        List<Map<Integer, Integer>> options = new ArrayList<>(List.of(Map.of()));
        if (!states.isEmpty()) {
            options.add(states);
        }
        if (states.size() > 1) {
            states.forEach((last, leaf) -> options.add(Map.of(last, leaf)));
        }
        for (Map<Integer, Integer> kept : options) {
            Optional<List<Explanation>> found = with(kept);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return List.of();
    }

    /** The last node of every state, and the leaf that stands before its first. */
    private Map<Integer, Integer> states() {
        Map<Integer, Integer> states = new TreeMap<>();
        for (UseRole role : right.useRoles()) {
            Use use = role.uses().getFirst();
            Tensor last = line.at(right.roles().role(Uses.middle(role).input()), line.steps() - 1);
            if (role.crosses() && line.node(use.input()).inputCount() == 0 && last != null) {
                states.put(right.graph().position(last), use.input());
            }
        }
        return states;
    }

    private Optional<List<Explanation>> with(Map<Integer, Integer> kept) {
        MutatedSweep once = new MutatedSweep(right, made);
        Map<Integer, Tensor> more = new HashMap<>();
        kept.forEach((last, leaf) -> {
            Tensor left = once.predicted(leaf);
            if (left != null) {
                more.put(last, left);
            }
        });
        MutatedSweep again = more.isEmpty() ? once : new MutatedSweep(right, made, more);
        List<String> summed = new ArrayList<>();
        List<String> carried = new ArrayList<>();
        for (int i = 0; i < second.size(); i++) {
            Target target = second.get(i);
            Tensor tensor = target.node() < 0 ? null : again.predicted(target.node());
            double[] fresh = tensor == null
                    ? new double[target.yours().length]
                    : values.above().of(tensor).toDoubles();
            boolean isFresh = Scores.distance(target.yours(), fresh) <= tolerance;
            if (!isFresh && !(target.isArray() && isSum(i, fresh))) {
                return Optional.empty();
            }
            (isFresh ? carried : summed).add(target.name());
        }
        return Optional.of(explained(summed, more.isEmpty() ? List.of() : List.copyOf(Set.copyOf(carried)), kept));
    }

    private boolean isSum(int i, double[] fresh) {
        double[] sum = fresh.clone();
        for (int k = 0; k < sum.length; k++) {
            sum[k] += first.get(i).yours()[k];
        }
        return Scores.distance(second.get(i).yours(), sum) <= tolerance;
    }

    private List<Explanation> explained(List<String> summed, List<String> carried, Map<Integer, Integer> kept) {
        List<Explanation> all = new ArrayList<>();
        if (!summed.isEmpty()) {
            all.add(neverReset(summed));
        }
        if (!kept.isEmpty()) {
            all.add(carryKept(carried, kept));
        }
        return all;
    }

    /** Sums to which the second call adds. */
    private Explanation neverReset(List<String> summed) {
        Target one = second.stream()
                .filter(target -> target.name().equals(summed.getFirst()))
                .findFirst()
                .orElseThrow();
        String should = one.node() < 0 ? "d" + one.name() + " = 0" : equation(one.node());
        return new Explanation(
                Family.PLUMBING,
                "d" + String.join(", d", summed) + (summed.size() == 1 ? " is" : " are")
                        + " never set to 0: added to what the call before left",
                summed,
                should + " + d" + one.name() + " of the call before",
                should,
                "Set it to 0 at the beginning of every call.",
                Optional.empty(),
                0,
                numbers(summed));
    }

    /** States whose last step begins with what the first call left. */
    private Explanation carryKept(List<String> carried, Map<Integer, Integer> kept) {
        Map<String, String> names = new LinkedHashMap<>();
        kept.forEach((last, leaf) -> names.put(
                String.valueOf(line.notation().cotangent(last, right.times().of(last))),
                String.valueOf(line.notation().name(leaf))));
        String should = equation(kept.keySet().iterator().next());
        return new Explanation(
                Family.PLUMBING,
                "the carry is not reset: the last step begins with what the call before left at its first",
                carried,
                should + " + d" + names.values().iterator().next() + " of the call before",
                should,
                "Begin the backward loop with a carry of 0.",
                Optional.empty(),
                0,
                numbers(carried));
    }

    private String equation(int node) {
        return line.formulas().equation(node, new LossFormula(line, values));
    }

    private int numbers(List<String> names) {
        return second.stream()
                .filter(target -> names.contains(target.name()))
                .mapToInt(target -> target.yours().length)
                .sum();
    }
}
