package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes with one addend of a sum: a term sees only one of the sources that come together, a factor that belongs to their sum
 * stands at one of them alone, or the cotangent of another step is used.
 */
final class Paths {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private Paths(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        Paths paths = new Paths(line);
        for (UseRole role : line.right().useRoles()) {
            paths.addends(role);
            paths.otherStep(role);
        }
        return paths.found;
    }

    /** The nearest node upstream, within the step, whose cotangent is a sum, and the uses from it down to the one that is looked at. */
    private record Split(int node, List<Use> path) {}

    private @Nullable Split split(Use use) {
        List<Use> path = new ArrayList<>();
        int node = use.user();
        while (path.size() < 8) {
            List<Use> uses = line.right().usesOf(node);
            if (uses.size() > 1) {
                return new Split(node, path);
            }
            if (uses.isEmpty()) {
                return null;
            }
            path.addFirst(uses.getFirst());
            node = uses.getFirst().user();
        }
        return null;
    }

    /** The same of any step, where only one source may be there, as at the last. */
    private @Nullable Split like(Use use) {
        Split middle = split(Uses.middle(line.right().role(use)));
        int role = middle == null ? -1 : line.right().roles().role(middle.node());
        List<Use> path = new ArrayList<>();
        int node = use.user();
        while (line.right().roles().role(node) != role) {
            List<Use> uses = line.right().usesOf(node);
            if (uses.isEmpty() || path.size() >= 8) {
                return null;
            }
            path.addFirst(uses.getFirst());
            node = uses.getFirst().user();
        }
        return new Split(node, path);
    }

    private void addends(UseRole role) {
        Split split = split(Uses.middle(role));
        if (split == null) {
            return;
        }
        Set<UseRole> roles = new LinkedHashSet<>();
        line.right().usesOf(split.node()).forEach(use -> roles.add(line.right().role(use)));
        Set<UseRole> later = new LinkedHashSet<>(roles);
        later.removeIf(each -> !each.crosses());
        Set<UseRole> own = new LinkedHashSet<>(roles);
        own.removeAll(later);
        Set<Set<UseRole>> kept = new LinkedHashSet<>(List.of(later, own));
        roles.forEach(each -> kept.add(Set.of(each)));
        kept.removeIf(some -> some.isEmpty() || some.size() == roles.size());
        kept.forEach(some -> kept(role, split, some));
    }

    private void kept(UseRole role, Split split, Set<UseRole> kept) {
        String what = kept.stream().map(line::term).collect(Collectors.joining(" + "));
        if (what.equals("0")) {
            return;
        }
        if (split.node() != Uses.middle(role).input()) {
            add(role, 11, line.cotangent(role) + " sees only one of its sources: " + what, kept, false);
            bare(role, split, what, kept);
        }
        if (line.node(Uses.middle(role).user())
                .shape()
                .equals(line.node(Uses.middle(role).input()).shape())) {
            add(
                    role,
                    12,
                    "a parenthesis is missing in " + line.cotangent(role) + ": the last factor stands at " + what
                            + " only",
                    kept,
                    true);
        }
    }

    private void add(UseRole role, int rank, String name, Set<UseRole> kept, boolean restBypasses) {
        found.add(new Mutation(
                restBypasses ? Family.ACTIVATION : Family.ACCUMULATION,
                rank,
                () -> name,
                () -> "The term is " + line.term(role) + ".",
                Set.of(role),
                (use, now, sweep) -> {
                    Split split = like(use);
                    if (split == null) {
                        return now;
                    }
                    List<Tensor> some = new ArrayList<>();
                    List<Tensor> rest = new ArrayList<>();
                    for (Use addend : line.right().usesOf(split.node())) {
                        Tensor term = sweep.term(addend);
                        if (term != null) {
                            (kept.contains(line.right().role(addend)) ? some : rest).add(term);
                        }
                    }
                    Tensor through = sweep.carried(use, along(split, Backward.sum(some), sweep));
                    Tensor past = restBypasses ? along(split, Backward.sum(rest), sweep) : null;
                    return Backward.sum(
                            Stream.of(through, past).filter(Objects::nonNull).toList());
                }));
    }

    /** One source, and without the factors that stand between the sum of them and here. */
    private void bare(UseRole role, Split split, String what, Set<UseRole> kept) {
        boolean fits = line.node(split.node())
                .shape()
                .equals(line.node(Uses.middle(role).user()).shape());
        if (fits && !split.path().isEmpty()) {
            String name =
                    line.cotangent(role) + " sees only one of its sources, without the factors behind it: " + what;
            found.add(new Mutation(
                    Family.ACCUMULATION,
                    13,
                    () -> name,
                    () -> "The term is " + line.term(role) + ".",
                    Set.of(role),
                    (use, now, sweep) -> withoutFactors(use, kept, sweep)));
        }
    }

    /** The sources that are kept, carried through the one use alone; nothing where their sum does not fit there. */
    private @Nullable Tensor withoutFactors(Use use, Set<UseRole> kept, MutatedSweep sweep) {
        Split own = like(use);
        List<Tensor> some = new ArrayList<>();
        for (Use addend : own == null ? List.<Use>of() : line.right().usesOf(own.node())) {
            Tensor term = kept.contains(line.right().role(addend)) ? sweep.term(addend) : null;
            if (term != null) {
                some.add(term);
            }
        }
        Tensor sum = Backward.sum(some);
        return sum == null || !sum.shape().equals(line.node(use.user()).shape()) ? null : sweep.carried(use, sum);
    }

    private static @Nullable Tensor along(Split split, @Nullable Tensor from, MutatedSweep sweep) {
        Tensor carried = from;
        for (Use use : split.path()) {
            carried = sweep.carried(use, carried);
        }
        return carried;
    }

    /** The cotangent of the next step, or of the one before, stands where that of this one belongs. */
    private void otherStep(UseRole role) {
        if (role.uses().size() < 2 || line.right().times().of(Uses.middle(role).user()) == Times.NONE) {
            return;
        }
        boolean isOneUser = role.uses().stream().mapToInt(Use::user).distinct().count() == 1;
        if (isOneUser) {
            return;
        }
        boolean isIntoParameter = line.right().times().of(Uses.middle(role).input()) == Times.NONE;
        for (int by : isIntoParameter ? new int[] {1, -1} : new int[] {1}) {
            String of = line.cotangent(role);
            String name = "in " + of + ", the cotangent of step t" + (by > 0 ? "+1" : "−1")
                    + " stands where that of step t belongs";
            found.add(new Mutation(
                    Family.TIME,
                    10,
                    () -> name,
                    () -> "The term is " + line.term(role) + ".",
                    Set.of(role),
                    (use, now, sweep) -> {
                        Use other = Uses.useAt(role, use.time() + by);
                        return other == null ? null : sweep.carried(use, sweep.total(other.user()));
                    }));
        }
    }
}
