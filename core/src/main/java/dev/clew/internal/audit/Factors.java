package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Contraction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Factors: one that all arrays have, or one of a single array, by least squares; and what they are likely to be. */
final class Factors {
    private final Uses line;
    private final Scores scores;
    private final TreeMap<String, Double> known = new TreeMap<>();

    Factors(Uses line, Scores scores) {
        this.line = line;
        this.scores = scores;
        int batch = batch();
        int steps = line.steps();
        known.put("−1", -1.0);
        known.put("2", 2.0);
        known.put("½", 0.5);
        if (batch > 1) {
            known.put("B = " + batch, (double) batch);
            known.put("1/B = 1/" + batch, 1.0 / batch);
        }
        if (steps > 1) {
            known.put("T = " + steps, (double) steps);
            known.put("1/T = 1/" + steps, 1.0 / steps);
        }
        if (batch > 1 && steps > 1) {
            known.put("B·T = " + batch * steps, (double) batch * steps);
            known.put("1/(B·T) = 1/" + batch * steps, 1.0 / batch / steps);
        }
    }

    /** The factors that are seen most, of the whole loss and of each array. */
    List<Mutation> usual() {
        List<Mutation> all = new ArrayList<>();
        int last = line.right().graph().size() - 1;
        all.add(new Mutation(
                Family.PLUMBING,
                1,
                () -> "all gradients are 0: nothing was computed, or all of it is dropped",
                () -> "Return what the backward pass computes.",
                rolesOf(use -> use.user() == last),
                (use, now, sweep) -> use.user() == last ? null : now));
        known.values().forEach(factor -> {
            all.add(mutation(factor, "everything", use -> use.user() == last, 2));
            scores.targets().stream()
                    .filter(of -> of.isArray() && of.node() >= 0 && factor != -1)
                    .forEach(of -> all.add(mutation(factor, "d" + of.name(), use -> use.input() == of.node(), 3)));
            line.right().useRoles().stream()
                    .filter(this::isOfLoss)
                    .forEach(role -> all.add(mutation(factor, brings(role), role.uses()::contains, 2)));
        });
        return all;
    }

    private String brings(UseRole role) {
        int named = line.named(Uses.middle(role).input());
        return "what the loss brings to "
                + line.notation().cotangent(named, line.right().times().of(named));
    }

    /** Whether a use belongs to the way from the loss to the loop. */
    private boolean isOfLoss(UseRole role) {
        Use middle = Uses.middle(role);
        return line.right().isOfLoss(middle.user()) && line.right().times().of(middle.input()) != Times.NONE;
    }

    private int batch() {
        return line.right().useRoles().stream()
                .filter(role -> role.crosses() && role.slot() == 0)
                .filter(role -> line.node(Uses.middle(role).user()).op() instanceof Contraction)
                .map(role -> line.node(Uses.middle(role).input()))
                .filter(state -> state.shape().rank() == 2)
                .mapToInt(state -> state.shape().length(0))
                .max()
                .orElse(1);
    }

    /** A factor of the whole loss, on top of some mistakes. */
    @Nullable
    Mutation common(List<Mutation> made) {
        List<Integer> all = IntStream.range(0, scores.targets().size()).boxed().toList();
        int last = line.right().graph().size() - 1;
        return fitted(made, all, "everything", use -> use.user() == last);
    }

    /** A factor of one array, on top of some mistakes. */
    @Nullable
    Mutation own(List<Mutation> made, int target) {
        Target of = scores.targets().get(target);
        return !of.isArray() || of.node() < 0
                ? null
                : fitted(made, List.of(target), "d" + of.name(), use -> use.input() == of.node());
    }

    /** A factor of what the uses of one role bring, on top of some mistakes. */
    @Nullable
    Mutation ofRole(List<Mutation> made, UseRole role, int target) {
        return fitted(
                made,
                List.of(target),
                "the term " + line.term(role) + " of " + line.cotangent(role),
                role.uses()::contains);
    }

    /** Gradients are linear in what a factor stands at, if it stands there once: the factor follows from two of them. */
    private @Nullable Mutation fitted(List<Mutation> made, List<Integer> some, String what, Predicate<Use> at) {
        double product = 0;
        double square = 0;
        int count = 0;
        List<Mutation> doubled = Search.with(made, mutation(2, what, at));
        for (int i : some) {
            double[] once = scores.numbers(made, i);
            double[] twice = scores.numbers(doubled, i);
            double[] yours = scores.targets().get(i).yours();
            for (int k = 0; k < yours.length && once != null && twice != null; k++) {
                product += (twice[k] - once[k]) * (yours[k] - once[k]);
                square += (twice[k] - once[k]) * (twice[k] - once[k]);
                count += twice[k] == once[k] ? 0 : 1;
            }
        }
        double factor = 1 + product / square;
        if (!isNamable(factor, count)) {
            return null;
        }
        Mutation fitting = mutation(exact(factor), what, at);
        List<Mutation> all = Search.with(made, fitting);
        return some.stream().allMatch(i -> scores.distance(all, i) <= scores.tolerance()) ? fitting : null;
    }

    /** A factor that was fitted uses up one number; one that is not known needs several others to bear it out. */
    private boolean isNamable(double factor, int numbers) {
        boolean isFinite = Double.isFinite(factor) && factor != 0 && Math.abs(factor - 1) > 1e-9;
        return isFinite && (numbers >= 4 || !name(factor).startsWith("a factor"));
    }

    /** The constant that a fitted factor is, without the rounding of the fit. */
    private double exact(double factor) {
        for (double each : known.values()) {
            if (Math.abs(factor - each) <= 1e-8 * Math.abs(factor)) {
                return each;
            }
        }
        return factor;
    }

    private String name(double factor) {
        for (var each : known.entrySet()) {
            if (Math.abs(factor - each.getValue()) <= 1e-8 * Math.abs(factor)) {
                return each.getKey();
            }
        }
        double inverse = 1 / factor;
        boolean isFraction =
                Math.abs(inverse - Math.rint(inverse)) < 1e-8 * Math.abs(inverse) && Math.abs(inverse) < 1e6;
        return isFraction
                ? (inverse < 0 ? "−1/" : "1/") + String.format(Locale.ROOT, "%.0f", Math.abs(inverse))
                : "a factor " + String.format(Locale.ROOT, "%.9g", factor).replace('-', '−');
    }

    private Mutation mutation(double factor, String what, Predicate<Use> at) {
        return mutation(factor, what, at, 3);
    }

    private Mutation mutation(double factor, String what, Predicate<Use> at, int rank) {
        Set<UseRole> roles = rolesOf(at);
        return new Mutation(
                Family.SCALE,
                rank,
                () -> what + " is multiplied by " + name(factor),
                () -> "Leave the factor out.",
                roles,
                (use, now, sweep) -> now == null || !at.test(use) ? now : now.times(factor));
    }

    private Set<UseRole> rolesOf(Predicate<Use> at) {
        Set<UseRole> roles = new HashSet<>();
        for (UseRole role : line.right().useRoles()) {
            if (role.uses().stream().anyMatch(at)) {
                roles.add(role);
            }
        }
        return roles;
    }
}
