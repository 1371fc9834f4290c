package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Mistakes with how far back it goes: a loop over the last steps only, chunks whose boundary nothing crosses. */
final class Truncations {
    private Truncations() {}

    static List<Mutation> of(Uses line) {
        List<Mutation> found = new ArrayList<>();
        Set<UseRole> crossing = new HashSet<>();
        Set<UseRole> all = new HashSet<>(line.right().useRoles());
        line.right().useRoles().stream().filter(UseRole::crosses).forEach(crossing::add);
        int steps = line.steps();
        for (int k = 1; k < steps && !crossing.isEmpty(); k++) {
            found.add(ended(line, all, k));
            found.add(endedAtInitial(line, all, k));
            for (int from : k > 1 ? new TreeSet<>(List.of(0, steps % k)) : List.<Integer>of()) {
                found.add(chunks(crossing, k, from));
            }
        }
        return found;
    }

    private static Mutation ended(Uses line, Set<UseRole> all, int last) {
        return new Mutation(
                Family.TIME,
                5,
                () -> "the backward loop ends after " + last + " of " + line.steps() + " steps",
                () -> "Go back to the first step.",
                all,
                (use, now, sweep) -> isBeyond(line, use, last) || isNotReached(line, use, last) ? null : now);
    }

    private static Mutation endedAtInitial(Uses line, Set<UseRole> all, int last) {
        return new Mutation(
                Family.TIME,
                6,
                () -> "the backward loop ends after " + last + " of " + line.steps()
                        + " steps, and what it has then is given to the initial state",
                () -> "Go back to the first step.",
                all,
                (use, now, sweep) -> {
                    boolean crosses = line.right().role(use).crosses();
                    if (crosses && line.node(use.input()).inputCount() == 0) {
                        return givenToInitial(line, use, last, sweep);
                    }
                    return (isBeyond(line, use, last) && !crosses) || isNotReached(line, use, last) ? null : now;
                });
    }

    /** Where adjoints are given, those of steps that the loop does not come to are 0. */
    private static boolean isNotReached(Uses line, Use use, int last) {
        int time = line.right().times().of(use.input());
        return line.right().given(use.input()) != null && time != Times.NONE && time < line.steps() - last;
    }

    /** What the loop has where it ends, for the first use of an initial state; nothing for the others. */
    private static @Nullable Tensor givenToInitial(Uses line, Use use, int last, MutatedSweep sweep) {
        Tensor state = line.at(line.right().role(use).inputRole(), line.steps() - last - 1);
        boolean isFirst = line.right().usesOf(use.input()).getFirst().equals(use);
        return state == null || !isFirst
                ? null
                : sweep.handedTo(line.right().graph().position(state));
    }

    private static Mutation chunks(Set<UseRole> crossing, int length, int from) {
        return new Mutation(
                Family.TIME,
                7 + (from == 0 ? 0 : 2),
                () -> "truncated in chunks of " + length + " steps" + (from == 0 ? "" : ", the first of " + from)
                        + ": nothing is handed on over the boundary of a chunk",
                () -> "Hand on what comes from the next chunk.",
                crossing,
                (use, now, sweep) -> use.time() > 0 && use.time() % length == from ? null : now);
    }

    /** Whether a backward loop over the last steps only does not come to a use. */
    private static boolean isBeyond(Uses line, Use use, int last) {
        return use.time() != Times.NONE && use.time() < line.steps() - last && isWithin(line, use);
    }

    /** Whether a use belongs to the body of the backward loop: into the loop, or from it into a parameter. */
    private static boolean isWithin(Uses line, Use use) {
        Tensor input = line.node(use.input());
        return line.right().times().isInLoop(use.user())
                || input.inputCount() == 0
                || line.right().times().isInLoop(use.input());
    }
}
