package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which addend of a formula is at fault, from what differs at all steps.
 *
 * <p>It is one that is there wherever something differs. Of these, the one of which something else can have been made so that the
 * differences follow; if they follow from none, as those of noise do, one that differs not where it is 0, and is seldom there where all
 * agrees.
 */
final class Blame {
    private static final double FOLLOWS = 0.5;
    private static final double AS_GOOD = 2;
    private static final double EXACT = 1e-6;

    private final Uses line;
    private final Scores scores;
    private final IntPredicate isMissed;

    /**
     * An addend of a formula.
     *
     * @param role what it is
     * @param left how much of the differences does not follow from it
     * @param absences at how many steps something differs where it is not there
     * @param atZero how many numbers differ where it is 0
     * @param agreements at how many steps it is there and all agrees
     */
    record Suspect(UseRole role, double left, int absences, int atZero, int agreements) {
        private boolean isAsLikely(Suspect best) {
            return absences == best.absences
                    && (best.follows()
                            ? left <= Math.max(AS_GOOD * best.left, EXACT)
                            : atZero == best.atZero && agreements == best.agreements);
        }

        private boolean follows() {
            return left < FOLLOWS;
        }
    }

    /**
     * Of the quantities of a loop.
     *
     * @param isMissed whether the numbers by hand of a target differ
     */
    Blame(Uses line, Scores scores, IntPredicate isMissed) {
        this.line = line;
        this.scores = scores;
        this.isMissed = isMissed;
    }

    /**
     * The addend that is most likely at fault, and those that are as likely.
     *
     * @param node in whose cotangent they are added up
     * @param targets the cotangents by hand of its role
     */
    List<UseRole> suspects(int node, List<Integer> targets) {
        Set<UseRole> roles = new LinkedHashSet<>();
        line.right().usesOf(node).stream()
                .filter(use -> line.right().term(use) != null)
                .forEach(use -> roles.add(line.right().role(use)));
        if (roles.size() < 2) {
            return List.copyOf(roles);
        }
        List<Suspect> all = roles.stream().map(role -> suspect(role, targets)).toList();
        int absences = all.stream().mapToInt(Suspect::absences).min().orElse(0);
        boolean follow = all.stream().anyMatch(each -> each.absences() == absences && each.follows());
        Comparator<Suspect> order = Comparator.comparingInt(Suspect::absences);
        order = follow
                ? order.thenComparingDouble(Suspect::left)
                : order.thenComparingInt(Suspect::atZero)
                        .thenComparingInt(Suspect::agreements)
                        .thenComparingDouble(Suspect::left);
        List<Suspect> sorted = all.stream().sorted(order).toList();
        return sorted.stream()
                .filter(each -> each.isAsLikely(sorted.getFirst()))
                .map(Suspect::role)
                .toList();
    }

    private Suspect suspect(UseRole role, List<Integer> targets) {
        List<Alterations.Step> differing = new ArrayList<>();
        int absences = 0;
        int atZero = 0;
        int agreements = 0;
        int width = 1;
        for (int target : targets) {
            Target of = scores.targets().get(target);
            List<Use> uses = uses(role, of.node());
            if (isMissed.test(target) && uses.isEmpty()) {
                absences++;
            } else if (isMissed.test(target)) {
                Alterations.Step step = step(uses, target);
                differing.add(step);
                atZero += atZero(step);
                width = width(of.node());
            } else if (!uses.isEmpty()) {
                agreements++;
            }
        }
        return new Suspect(role, new Alterations(differing, width).left(), absences, atZero, agreements);
    }

    private List<Use> uses(UseRole role, int node) {
        return line.right().usesOf(node).stream()
                .filter(use ->
                        line.right().term(use) != null && line.right().role(use).equals(role))
                .toList();
    }

    private Alterations.Step step(List<Use> uses, int target) {
        double[] difference = scores.targets().get(target).yours().clone();
        double[] base = scores.base(target);
        Arrays.setAll(difference, i -> difference[i] - base[i]);
        double[] sum = new double[base.length];
        for (Use use : uses) {
            double[] term = numbers(Objects.requireNonNull(line.right().term(use)));
            Arrays.setAll(sum, i -> sum[i] + term[i]);
        }
        Use first = uses.getFirst();
        Tensor yBar = line.right().total(first.user());
        List<double[]> reads = Stream.concat(Stream.ofNullable(yBar), line.reads(first).stream())
                .filter(read -> read.shape().equals(line.node(first.input()).shape()))
                .map(this::numbers)
                .toList();
        return new Alterations.Step(difference, sum, reads);
    }

    private int atZero(Alterations.Step step) {
        double least = scores.tolerance() * Scores.largest(step.difference());
        return (int) IntStream.range(0, step.term().length)
                .filter(i -> step.term()[i] == 0 && Math.abs(step.difference()[i]) > least)
                .count();
    }

    private double[] numbers(Tensor tensor) {
        return scores.values().of(tensor).toDoubles();
    }

    private int width(int node) {
        int rank = line.node(node).shape().rank();
        return rank == 0 ? 1 : line.node(node).shape().length(rank - 1);
    }
}
