package dev.clew.internal.audit;

import dev.clew.audit.Family;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Mistakes in sums: terms that are left out, of some steps or of all, negated, counted twice, or that should not be there. */
final class Sums {
    private final Uses line;
    private final List<Mutation> found = new ArrayList<>();

    private Sums(Uses line) {
        this.line = line;
    }

    static List<Mutation> of(Uses line) {
        Sums sums = new Sums(line);
        for (UseRole role : line.right().useRoles()) {
            if (line.node(Uses.middle(role).user()).op() == Unary.STOP_GRADIENT) {
                sums.throughStop(role);
            } else {
                sums.whole(role);
                sums.parts(role);
            }
        }
        sums.states();
        sums.overwritten();
        return sums.found;
    }

    private void add(Family family, int rank, String name, String fix, Set<UseRole> at, Mutation.Rewrite rewrite) {
        found.add(new Mutation(family, rank, () -> name, () -> fix, at, rewrite));
    }

    private void whole(UseRole role) {
        int node = Uses.middle(role).input();
        boolean isWhole = isParameter(line.node(node))
                && line.right().usesOf(node).size() == role.uses().size();
        if (isWhole) {
            wholeGradient(role);
        } else {
            wholeTerm(role);
        }
        scaled(role);
    }

    /** A use that is the only one of a parameter: its term is all of the gradient. */
    private void wholeGradient(UseRole role) {
        String of = line.cotangent(role);
        String name = line.notation().name(Uses.middle(role).input());
        Set<UseRole> at = Set.of(role);
        add(
                Family.PLUMBING,
                2,
                "the gradient of " + name + " is dropped: it stays 0",
                "Return " + of + ".",
                at,
                (use, now, sweep) -> null);
        add(
                Family.SCALE,
                4,
                "the gradient of " + name + " is negated",
                "Turn the sign of " + of + ".",
                at,
                (use, now, sweep) -> now == null ? null : now.negate());
    }

    /** A term, one of several perhaps, that is left out or negated. */
    private void wholeTerm(UseRole role) {
        String term = line.term(role);
        String of = line.cotangent(role);
        Set<UseRole> at = Set.of(role);
        boolean isSole = isSoleOfNamed(role);
        String left = isSole ? of + " stays 0" : "left out of " + of + ": " + term;
        add(
                role.crosses() ? Family.TIME : Family.ACCUMULATION,
                isSole ? rankOfSole(role) : rankOfTerm(role),
                left,
                "Add " + term + " to " + of + ".",
                at,
                (use, now, sweep) -> null);
        add(
                Family.SCALE,
                8,
                "the term " + term + " of " + of + " is negated",
                "Turn its sign.",
                at,
                (use, now, sweep) -> now == null ? null : now.negate());
    }

    /** Whether nothing else goes into a cotangent of a value that has a name. */
    private boolean isSoleOfNamed(UseRole role) {
        return line.notation().isNamed(Uses.middle(role).input())
                && line.right().useRoles().stream()
                                .filter(each -> each.inputRole() == role.inputRole())
                                .count()
                        == 1;
    }

    private int rankOfSole(UseRole role) {
        Tensor input = line.node(Uses.middle(role).input());
        boolean isOfParametersAlone = input.inputs().stream()
                .filter(each -> line.right().isNeeded(line.right().graph().position(each)))
                .allMatch(this::isParameter);
        return input.inputCount() == 0 ? 5 : isOfParametersAlone ? 3 : 1;
    }

    private int rankOfTerm(UseRole role) {
        return role.crosses() || line.notation().isNamed(Uses.middle(role).input()) ? 7 : 8;
    }

    /** A term that is counted twice, or halved. */
    private void scaled(UseRole role) {
        String term = line.term(role);
        String of = line.cotangent(role);
        Set<UseRole> at = Set.of(role);
        add(
                Family.SCALE,
                20,
                "the term " + term + " of " + of + " is counted twice",
                "Count it once.",
                at,
                (use, now, sweep) -> now == null ? null : now.times(2));
        add(
                Family.SCALE,
                22,
                "the term " + term + " of " + of + " is halved",
                "Leave the ½ out.",
                at,
                (use, now, sweep) -> now == null ? null : now.times(0.5));
    }

    private boolean isParameter(Tensor tensor) {
        return tensor instanceof Parameter || tensor.inputCount() == 0;
    }

    private void parts(UseRole role) {
        int first = role.firstTime();
        int last = role.lastTime();
        if (first == last) {
            return;
        }
        some(role, 6, "only the last step counts", "add, where it is assigned", t -> t == last);
        some(role, 6, "only the first step counts", "add, where it is assigned", t -> t == first);
        some(role, 8, "the first step is left out", "begin at t = 0", t -> t != first);
        some(role, 8, "the last step is left out", "go up to the last step", t -> t != last);
    }

    private void some(UseRole role, int rank, String what, String fix, IntPredicate kept) {
        Use middle = Uses.middle(role);
        boolean isParameter = line.right().times().of(middle.input()) == Times.NONE;
        String of = line.cotangent(role);
        String where = isParameter ? "in " + of : "of " + line.term(role) + " in " + of;
        add(
                role.crosses() ? Family.TIME : Family.ACCUMULATION,
                isParameter ? rank : rank + 10,
                what + " " + where,
                "In " + of + ", " + fix + ".",
                Set.of(role),
                (use, now, sweep) -> kept.test(use.time()) ? now : null);
    }

    private void throughStop(UseRole role) {
        String of = line.cotangent(role);
        add(
                Family.PLUMBING,
                16,
                "differentiated through a constant: " + of + " has a term that stopGradient holds back",
                "Treat it as a constant.",
                Set.of(role),
                (use, now, sweep) -> sweep.total(use.user()));
    }

    /** All that comes from later steps into one state, into all of them; and nodes that are taken for constants. */
    private void states() {
        Map<Integer, Set<UseRole>> into = new HashMap<>();
        Map<Integer, Set<UseRole>> carried = new HashMap<>();
        Set<UseRole> all = new LinkedHashSet<>();
        for (UseRole role : line.right().useRoles()) {
            into.computeIfAbsent(role.inputRole(), none -> new LinkedHashSet<>())
                    .add(role);
            if (role.crosses()) {
                carried.computeIfAbsent(role.inputRole(), none -> new LinkedHashSet<>())
                        .add(role);
                all.add(role);
            }
        }
        carried.values().forEach(roles -> {
            String of = line.cotangent(roles.iterator().next());
            noPath(roles, "no recurrent path: what comes from the next step is left out of " + of, of);
        });
        if (carried.size() > 1) {
            noPath(
                    all,
                    "no recurrent path at all: nothing is handed on to the step before",
                    "the adjoints of all states");
        }
        into.forEach((role, roles) -> {
            boolean isLeaf = line.node(line.right().roles().members(role)[0]).inputCount() == 0;
            if (!isLeaf && !carried.getOrDefault(role, Set.of()).equals(roles)) {
                staysZero(roles);
            }
        });
    }

    private void staysZero(Set<UseRole> roles) {
        if (roles.size() > 1) {
            String of = line.cotangent(roles.iterator().next());
            add(Family.PLUMBING, 2, of + " stays 0", "Compute it.", roles, (use, now, sweep) -> null);
        }
    }

    private void noPath(Set<UseRole> roles, String name, String of) {
        String fix = "Add what comes from step t+1 to " + of + ".";
        add(Family.TIME, 1, name, fix, roles, (use, now, sweep) -> isInitial(use) ? now : null);
        add(Family.TIME, 2, name + ", of the initial state too", fix, roles, (use, now, sweep) -> null);
    }

    private boolean isInitial(Use use) {
        return line.node(use.input()).inputCount() == 0;
    }

    /** Where one term is there, the others are lost: it is assigned, not added. */
    private void overwritten() {
        Map<Integer, Set<UseRole>> into = new HashMap<>();
        for (UseRole role : line.right().useRoles()) {
            into.computeIfAbsent(role.inputRole(), none -> new LinkedHashSet<>())
                    .add(role);
        }
        into.values().forEach(roles -> {
            Set<UseRole> crossing = new LinkedHashSet<>(roles);
            crossing.removeIf(role -> !role.crosses());
            Set<UseRole> own = new LinkedHashSet<>(roles);
            own.removeAll(crossing);
            Set<UseRole> inside = new LinkedHashSet<>(own);
            inside.removeIf(role -> line.right().isOfLoss(Uses.middle(role).user()));
            Set<Set<UseRole>> kept = new LinkedHashSet<>(List.of(crossing, own));
            kept.add(inside);
            roles.forEach(role -> kept.add(Set.of(role)));
            kept.stream()
                    .filter(some -> !some.isEmpty() && some.size() < roles.size())
                    .forEach(some -> overwritten(roles, some));
        });
    }

    private void overwritten(Set<UseRole> roles, Set<UseRole> kept) {
        UseRole first = kept.iterator().next();
        if (line.right().times().of(Uses.middle(first).input()) != Times.NONE) {
            String of = line.cotangent(first);
            String by = kept.stream().map(line::term).collect(Collectors.joining(" + "));
            add(
                    first.crosses() ? Family.TIME : Family.ACCUMULATION,
                    4,
                    of + " is overwritten by " + by + ": the other terms are lost",
                    "Add " + by + " to " + of + ", where it is assigned.",
                    roles,
                    (use, now, sweep) -> kept.contains(line.right().role(use)) || isAlone(use, kept) ? now : null);
        }
    }

    private boolean isAlone(Use use, Set<UseRole> kept) {
        return line.right().usesOf(use.input()).stream()
                .noneMatch(other -> kept.contains(line.right().role(other)));
    }
}
