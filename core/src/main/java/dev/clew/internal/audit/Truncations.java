package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
            int last = k;
            found.add(new Mutation(
                    Family.TIME,
                    5,
                    () -> "the backward loop ends after " + last + " of " + steps + " steps",
                    () -> "Go back to the first step.",
                    all,
                    (use, now, sweep) ->
                            use.time() != Times.NONE && use.time() < steps - last && isWithin(line, use) ? null : now));
            found.add(new Mutation(
                    Family.TIME,
                    6,
                    () -> "the backward loop ends after " + last + " of " + steps
                            + " steps, and what it has then is given to the initial state",
                    () -> "Go back to the first step.",
                    all,
                    (use, now, sweep) -> {
                        boolean isInitial = line.node(use.input()).inputCount() == 0
                                && line.right().role(use).crosses();
                        if (isInitial) {
                            Tensor state = line.at(line.right().role(use).inputRole(), steps - last - 1);
                            boolean isFirst =
                                    line.right().usesOf(use.input()).getFirst().equals(use);
                            return state == null || !isFirst
                                    ? null
                                    : sweep.total(line.right().graph().position(state));
                        }
                        return use.time() != Times.NONE
                                        && use.time() < steps - last
                                        && isWithin(line, use)
                                        && !line.right().role(use).crosses()
                                ? null
                                : now;
                    }));
            for (int from : k > 1 ? new TreeSet<>(List.of(0, steps % k)) : List.<Integer>of()) {
                found.add(new Mutation(
                        Family.TIME,
                        7 + (from == 0 ? 0 : 2),
                        () -> "truncated in chunks of " + last + " steps" + (from == 0 ? "" : ", the first of " + from)
                                + ": nothing is handed on over the boundary of a chunk",
                        () -> "Hand on what comes from the next chunk.",
                        crossing,
                        (use, now, sweep) -> use.time() > 0 && use.time() % last == from ? null : now));
            }
        }
        return found;
    }

    /** Whether a use belongs to the body of the backward loop: into the loop, or from it into a parameter. */
    private static boolean isWithin(Uses line, Use use) {
        Tensor input = line.node(use.input());
        return line.right().times().isInLoop(use.user())
                || input.inputCount() == 0
                || line.right().times().isInLoop(use.input());
    }
}
