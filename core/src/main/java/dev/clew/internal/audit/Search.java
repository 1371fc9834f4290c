package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.internal.audit.Scores.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the fewest mistakes that, made together, give the numbers that were written by hand: one; one and a common factor; one for
 * each of the arrays that are wrong; at last any two, and one for each array that these leave.
 */
final class Search {
    private static final int MOST = 4;
    private static final int ENOUGH = 40;
    private static final int NEAR = 8;
    /** Operations that one way of searching may take, a few seconds. */
    private static final long WORK = 3_000_000;
    /** What is tried at once before the work is looked at. */
    private static final int AT_ONCE = 256;

    private final Scores scores;
    private final List<Mutation> mutations;
    private final List<Scored> singles = new ArrayList<>();
    private final List<List<Mutation>> solutions = new ArrayList<>();
    private final Factors factors;
    private final List<Mutation> deep;
    private long begun;
    private double next = Double.POSITIVE_INFINITY;
    private @Nullable Mutation nearest;

    /** A mistake and what becomes of the gradient. */
    record Scored(Mutation mutation, Score score) {}

    Search(Scores scores, Uses line, List<Mutation> mutations) {
        this.scores = scores;
        this.factors = new Factors(line, scores);
        this.mutations = new ArrayList<>(mutations);
        this.mutations.addAll(factors.usual());
        this.deep = Deep.of(line);
    }

    /**
     * Sets of mistakes that give the numbers, the fewest first; none if none was found.
     *
     * @param isThorough whether any two are looked for, of which neither gives a single array by itself, which takes some seconds
     */
    List<List<Mutation>> solutions(boolean isThorough) {
        List<Integer> missed = scores.missed(scores.ofRight());
        scores.prepare();
        exact();
        List<Runnable> attempts = List.of(
                () -> single(mutations),
                this::common,
                () -> cover(missed, distinct(), 2),
                () -> single(deep),
                () -> coverAnew(missed),
                () -> pairs(missed));
        for (Runnable attempt : isThorough ? attempts : attempts.subList(0, attempts.size() - 1)) {
            if (solutions.isEmpty()) {
                begun = scores.work();
                attempt.run();
            }
        }
        return solutions;
    }

    /** Single mistakes that give the numbers, the least far-fetched first. */
    private void exact() {
        Map<Mutation, Double> distances = new ConcurrentHashMap<>();
        mutations.parallelStream().forEach(each -> distances.put(each, scores.single(each)));
        mutations.stream()
                .filter(each -> distances.getOrDefault(each, 1.0) <= scores.tolerance())
                .sorted(Comparator.comparingInt(Mutation::rank))
                .forEach(each -> solutions.add(List.of(each)));
        findNearest(distances);
    }

    private void single(List<Mutation> some) {
        List<Scored> all = some.parallelStream()
                .map(this::scored)
                .flatMap(Optional::stream)
                .toList();
        singles.addAll(all);
        singles.sort(Comparator.comparingInt(each -> each.mutation().rank()));
        all.stream()
                .filter(each -> each.score().isWithin(scores.tolerance()))
                .forEach(each -> solutions.add(List.of(each.mutation())));
    }

    private Optional<Scored> scored(Mutation mutation) {
        Score score = scores.of(List.of(mutation));
        return score == null || score.changed().isEmpty() ? Optional.empty() : Optional.of(new Scored(mutation, score));
    }

    /** The nearest single mistake that does not give the numbers. */
    @Nullable
    Mutation nearest() {
        return nearest;
    }

    double nearestDistance() {
        return next;
    }

    /** All single mistakes that change a number, by how far-fetched they are. */
    List<Scored> singles() {
        return singles;
    }

    /** Single mistakes whose numbers are those of another one here. */
    List<Scored> same(Mutation mutation) {
        return singles.stream()
                .filter(each -> each.mutation().equals(mutation))
                .findFirst()
                .map(found -> singles.stream()
                        .filter(each -> !each.equals(found)
                                && Scores.isSame(
                                        each.score().print(), found.score().print()))
                        .toList())
                .orElse(List.of());
    }

    /** Whether all that is wrong is 0. */
    boolean missedAreZero() {
        return scores.missed(scores.ofRight()).stream()
                .allMatch(i -> Arrays.stream(scores.targets().get(i).yours()).allMatch(each -> each == 0));
    }

    /** Whether mistakes give the numbers. */
    boolean gives(List<Mutation> some) {
        Score score = scores.of(some);
        return score != null && score.isWithin(scores.tolerance());
    }

    /** Single mistakes whose numbers are the right ones here, of those that are not far-fetched. */
    List<Mutation> hidden() {
        scores.prepare();
        return mutations.parallelStream()
                .filter(each -> each.rank() <= NEAR && scores.isHidden(each))
                .sorted(Comparator.comparingInt(Mutation::rank))
                .toList();
    }

    private void findNearest(Map<Mutation, Double> distances) {
        for (Mutation each : mutations) {
            double worst = distances.getOrDefault(each, Double.POSITIVE_INFINITY);
            if (worst > scores.tolerance() && worst < next) {
                next = worst;
                nearest = each;
            }
        }
    }

    private void common() {
        Mutation factor = factors.common(List.of());
        if (factor != null) {
            solutions.add(List.of(factor));
            return;
        }
        for (Scored each : distinct()) {
            if (Double.isNaN(scores.commonFactor(each.score()))) {
                continue;
            }
            Mutation with = factors.common(List.of(each.mutation()));
            if (with != null) {
                solutions.add(List.of(each.mutation(), with));
            }
        }
    }

    /**
     * Of mistakes that give the same numbers, the least far-fetched; and none that spoils what is right, as no other mistake is
     * thought to mend it.
     */
    private List<Scored> distinct() {
        BitSet wrong = new BitSet();
        scores.missed(scores.ofRight()).forEach(wrong::set);
        List<Scored> kept = new ArrayList<>();
        for (Scored each : singles) {
            BitSet spoiled = (BitSet) each.score().altered().clone();
            spoiled.andNot(wrong);
            if (spoiled.isEmpty()
                    && kept.stream()
                            .noneMatch(other -> Scores.isSame(
                                    other.score().print(), each.score().print()))) {
                kept.add(each);
            }
        }
        return kept;
    }

    /** Adds a mistake that explains one of the targets that are missed, until none is. */
    private void cover(List<Integer> missed, List<Scored> candidates, int most) {
        extend(List.of(), missed, most, candidates, new HashSet<>());
    }

    /** Covers again, with the deep mistakes too and with more of them at once. */
    private void coverAnew(List<Integer> missed) {
        cover(missed, distinct(), MOST);
    }

    private boolean mayTry() {
        return scores.work() - begun < WORK;
    }

    private void extend(
            List<Mutation> made, List<Integer> missed, int most, List<Scored> candidates, Set<List<Integer>> seen) {
        if (made.size() >= most || solutions.size() >= ENOUGH || !mayTry()) {
            return;
        }
        List<Integer> pivots = made.isEmpty() ? missed : missed.subList(0, 1);
        for (int pivot : pivots) {
            List<Mutation> fitting = new ArrayList<>();
            candidates.parallelStream()
                    .filter(each -> each.score().altered().get(pivot) && !made.contains(each.mutation()))
                    .filter(each -> explains(made, each, pivot))
                    .map(Scored::mutation)
                    .forEachOrdered(fitting::add);
            Mutation factor = factors.own(made, pivot);
            if (factor != null) {
                fitting.add(factor);
            }
            for (Mutation each : fitting) {
                follow(made, each, most, candidates, seen);
            }
        }
    }

    private boolean explains(List<Mutation> made, Scored each, int pivot) {
        return made.isEmpty()
                ? each.score().distance()[pivot] <= scores.tolerance()
                : scores.distance(with(made, each.mutation()), pivot) <= scores.tolerance();
    }

    private void follow(
            List<Mutation> made, Mutation each, int most, List<Scored> candidates, Set<List<Integer>> seen) {
        List<Mutation> more = with(made, each);
        Score score = isOfOneLine(made, each) ? null : scores.of(more);
        if (score == null || !seen.add(key(more))) {
            return;
        }
        List<Integer> left = scores.missed(score);
        List<Mutation> alike = withAlike(more, each, left, candidates);
        if (alike.size() > more.size()) {
            Score together = scores.of(alike);
            left = together == null ? left : scores.missed(together);
        }
        if (left.isEmpty()) {
            solutions.add(alike);
        } else {
            extend(alike, left, most + alike.size() - more.size(), candidates, seen);
        }
    }

    /** The same mistake in other lines too, as copies of a line have it: it counts as one. */
    private List<Mutation> withAlike(List<Mutation> made, Mutation one, List<Integer> left, List<Scored> candidates) {
        List<Mutation> more = made;
        for (int target : left) {
            boolean isReached = more.size() > made.size() && scores.distance(more, target) <= scores.tolerance();
            for (Scored each : isReached ? List.<Scored>of() : candidates) {
                boolean isAlike = each.score().changed().get(target)
                        && each.mutation().kind().equals(one.kind());
                if (isAlike
                        && !more.contains(each.mutation())
                        && scores.distance(with(more, each.mutation()), target) <= scores.tolerance()) {
                    more = with(more, each.mutation());
                    break;
                }
            }
        }
        return more;
    }

    /** Two mistakes of one kind in what one line reads could undo each other: together they name nothing. */
    private static boolean isOfOneLine(List<Mutation> made, Mutation each) {
        return made.stream()
                .anyMatch(other -> other.at().equals(each.at())
                        && other.family() == each.family()
                        && each.family() != Family.SCALE);
    }

    private static List<Integer> key(List<Mutation> some) {
        return some.stream().map(System::identityHashCode).sorted().toList();
    }

    static List<Mutation> with(List<Mutation> some, Mutation one) {
        List<Mutation> more = new ArrayList<>(some);
        more.add(one);
        return more;
    }

    /** Any two at once, judged by the target that is cheapest, and then one for each target that they leave. */
    private void pairs(List<Integer> missed) {
        if (missed.isEmpty()) {
            return;
        }
        List<Scored> candidates = distinct();
        int pivot = missed.stream()
                .min(Comparator.comparingLong(i -> candidates.stream()
                        .filter(each -> each.score().altered().get(i))
                        .count()))
                .orElseThrow();
        List<Scored> some = candidates.stream()
                .filter(each -> each.score().altered().get(pivot))
                .sorted(Comparator.comparingInt(
                        each -> -Math.min(2, each.score().altered().cardinality())))
                .toList();
        Set<List<Integer>> seen = new HashSet<>();
        for (List<Mutation> pair : fitting(some, pivot)) {
            follow(List.of(pair.getFirst()), pair.getLast(), MOST, candidates, seen);
        }
    }

    /** Pairs that give the numbers of one target. */
    private List<List<Mutation>> fitting(List<Scored> some, int pivot) {
        List<List<Mutation>> fitting = new ArrayList<>();
        List<List<Mutation>> next = new ArrayList<>();
        for (int j = 1; j < some.size() && mayTry(); j++) {
            for (int i = 0; i < j; i++) {
                Mutation one = some.get(i).mutation();
                Mutation other = some.get(j).mutation();
                next.add(List.of(one, other));
                if (one.at().equals(other.at())) {
                    next.add(List.of(other, one));
                }
            }
            if (next.size() >= AT_ONCE || j == some.size() - 1) {
                next.parallelStream()
                        .filter(pair -> !isOfOneLine(List.of(pair.getFirst()), pair.getLast()))
                        .filter(pair -> scores.distance(pair, pivot) <= scores.tolerance())
                        .forEachOrdered(fitting::add);
                next.clear();
            }
        }
        return fitting;
    }
}
