package dev.clew.internal.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Of several explanations that give the numbers, those that are the same formula, of which the least far-fetched has the name; and those
 * that are not, between which the numbers cannot decide.
 */
final class Ties {
    private static final int SHOWN = 6;

    private final FreshPoint fresh;
    private final Search search;

    Ties(FreshPoint fresh, Search search) {
        this.fresh = fresh;
        this.search = search;
    }

    static int rank(List<Mutation> some) {
        return some.stream().mapToInt(Mutation::rank).sum()
                + 30 * (int) some.stream().map(Mutation::kind).distinct().count();
    }

    /** One of each formula, the least far-fetched first; more than one means that the numbers cannot decide. */
    List<List<Mutation>> classes(List<List<Mutation>> solutions) {
        int fewest = solutions.stream().mapToInt(Ties::kinds).min().orElse(0);
        List<List<Mutation>> all = new ArrayList<>();
        solutions.stream()
                .filter(some -> kinds(some) == fewest)
                .sorted(Comparator.comparingInt(Ties::rank))
                .forEach(some -> add(all, some));
        if (all.size() > 1 && search.missedAreZero()) {
            all.stream()
                    .filter(some -> some.stream().allMatch(Mutation::isDrop))
                    .findFirst()
                    .ifPresent(drop -> all.retainAll(List.of(drop)));
        }
        if (all.size() == 1 && fewest > 1) {
            alternatives(all);
        }
        return all;
    }

    private static int kinds(List<Mutation> some) {
        return (int) some.stream().map(Mutation::kind).distinct().count();
    }

    private void add(List<List<Mutation>> all, List<Mutation> some) {
        if (all.size() < SHOWN && all.stream().noneMatch(other -> fresh.isSame(other, some))) {
            all.add(some);
        }
    }

    /** Of a set of mistakes, one at a time is exchanged for those that give the same numbers at this point. */
    private void alternatives(List<List<Mutation>> all) {
        List<Mutation> found = all.getFirst();
        for (Mutation each : found) {
            for (Search.Scored other : search.same(each)) {
                List<Mutation> exchanged = new ArrayList<>(found);
                exchanged.set(found.indexOf(each), other.mutation());
                if (search.gives(exchanged)) {
                    add(all, exchanged);
                }
            }
        }
    }

    /** Mistakes that would not show at this point: their gradient is the right one here, and not elsewhere. */
    List<Mutation> hidden() {
        List<Mutation> hidden = new ArrayList<>();
        for (Mutation each : search.hidden()) {
            boolean isSeen = hidden.stream().anyMatch(other -> other.kind().equals(each.kind()));
            if (!isSeen && hidden.size() < SHOWN && !fresh.isSame(List.of(), List.of(each))) {
                hidden.add(each);
            }
        }
        return hidden;
    }
}
