package dev.clew.internal.audit;

import com.google.common.collect.Sets;
import dev.clew.audit.Location;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where a gradient begins to be wrong that no mistake explains.
 *
 * <p>What is wrong tells where: a mistake in the formula of a cotangent spoils all that is computed from it, and nothing else; where
 * adjoints by hand are given, only until the next of them.
 */
final class Locator {
    private final Backward right;
    private final Scores scores;
    private final Uses line;

    Locator(Backward right, Scores scores, Uses line) {
        this.right = right;
        this.scores = scores;
        this.line = line;
    }

    Optional<Location> location(List<Integer> missed) {
        Set<Integer> wrong = new HashSet<>();
        missed.forEach(i -> wrong.add(quantity(i)));
        Map<Integer, Set<Integer>> spoils = spoils();
        spoils.values().removeIf(Set::isEmpty);
        List<Integer> places = ofOneMistake(wrong, spoils);
        if (places.size() == 1) {
            return Optional.of(in(places.getFirst(), wrong));
        }
        String quantities = places.isEmpty() ? ofSeveral(wrong, spoils) : oneOf(places);
        return quantities.isEmpty()
                ? Optional.empty()
                : Optional.of(new Location(quantities, OptionalInt.empty(), "", List.of(), Optional.empty()));
    }

    /** Places that spoil all that is wrong, and of what is right the least, and less than that. */
    private List<Integer> ofOneMistake(Set<Integer> wrong, Map<Integer, Set<Integer>> spoils) {
        Map<Integer, Set<Integer>> all = new LinkedHashMap<>(spoils);
        all.values().removeIf(spoiled -> !spoiled.containsAll(wrong) || spoiled.size() >= 2 * wrong.size());
        int least = all.values().stream().mapToInt(Set::size).min().orElse(0);
        all.values().removeIf(spoiled -> spoiled.size() > least);
        return distinct(all.keySet());
    }

    /** What mistakes that spoil nothing else spoil together; empty if there are none. */
    private String ofSeveral(Set<Integer> wrong, Map<Integer, Set<Integer>> spoils) {
        List<String> quantities = new ArrayList<>();
        Set<Integer> rest = new HashSet<>(wrong);
        while (!rest.isEmpty()) {
            Map<Integer, Set<Integer>> some = new LinkedHashMap<>(spoils);
            some.values().removeIf(spoiled -> !wrong.containsAll(spoiled));
            ToIntFunction<Set<Integer>> gain =
                    spoiled -> Sets.intersection(spoiled, rest).size();
            int most = some.values().stream().mapToInt(gain).max().orElse(0);
            if (most == 0) {
                break;
            }
            some.values().removeIf(spoiled -> gain.applyAsInt(spoiled) < most);
            int first = some.keySet().iterator().next();
            Set<Integer> spoiled = some.getOrDefault(first, Set.of());
            some.values().removeIf(other -> !other.equals(spoiled));
            quantities.add(oneOf(distinct(some.keySet())));
            rest.removeAll(spoiled);
        }
        return String.join(" and ", quantities);
    }

    private String oneOf(List<Integer> places) {
        return places.stream().map(this::cotangent).distinct().collect(Collectors.joining(" or "));
    }

    /** Places at which a mistake is not the same as at another of them. */
    private List<Integer> distinct(Set<Integer> all) {
        List<Integer> places =
                all.stream().filter(node -> line.stateOf(node) < 0).toList();
        List<Integer> some = places.isEmpty() ? List.copyOf(all) : places;
        return some.stream().filter(node -> !isHandedOn(node, some)).sorted().toList();
    }

    /** Whether all of a cotangent goes on to that of another place: a mistake in either is the same. */
    private boolean isHandedOn(int node, List<Integer> places) {
        List<Integer> inputs = neededInputs(node);
        while (inputs.size() == 1) {
            int role = right.roles().role(inputs.getFirst());
            if (places.stream().anyMatch(place -> right.roles().role(place) == role)) {
                return true;
            }
            inputs = neededInputs(inputs.getFirst());
        }
        return false;
    }

    private List<Integer> neededInputs(int node) {
        return line.node(node).inputs().stream()
                .map(right.graph()::position)
                .filter(right::isNeeded)
                .distinct()
                .toList();
    }

    /** A number for what is judged together: an array, or one quantity at all steps. */
    private int quantity(int target) {
        Target of = scores.targets().get(target);
        int state = of.isArray() && of.node() >= 0 ? line.stateOf(of.node()) : -1;
        return state >= 0 ? state : of.isArray() ? -1 - target : right.roles().role(Math.max(0, of.node()));
    }

    /** For one node of each role that has a name, what a mistake in its cotangent spoils. */
    private Map<Integer, Set<Integer>> spoils() {
        Map<Integer, Set<Integer>> ofNode = new HashMap<>();
        Map<Integer, Set<Integer>> ofRole = new LinkedHashMap<>();
        Map<Integer, Integer> targetAt = new HashMap<>();
        for (int i = 0; i < scores.targets().size(); i++) {
            targetAt.put(scores.targets().get(i).node(), i);
        }
        for (int node = 0; node < right.graph().size(); node++) {
            if (!right.isNeeded(node)) {
                continue;
            }
            Set<Integer> spoiled = spoiled(node, targetAt, ofNode);
            ofNode.put(node, spoiled);
            if (line.notation().isNamed(node)) {
                ofRole.computeIfAbsent(right.roles().role(node), none -> new HashSet<>())
                        .addAll(spoiled);
            }
        }
        Map<Integer, Set<Integer>> found = new LinkedHashMap<>();
        ofRole.forEach((role, spoiled) -> {
            int[] members = right.roles().members(role);
            found.put(members[members.length / 2], spoiled);
        });
        return found;
    }

    /** What a mistake in the cotangent of one node spoils: its own numbers, and what its inputs spoil unless it is given. */
    private Set<Integer> spoiled(int node, Map<Integer, Integer> targetAt, Map<Integer, Set<Integer>> ofNode) {
        Set<Integer> spoiled = new HashSet<>();
        Integer own = targetAt.get(node);
        if (own != null) {
            spoiled.add(quantity(own));
        }
        for (Tensor input :
                right.given(node) != null ? List.<Tensor>of() : line.node(node).inputs()) {
            spoiled.addAll(ofNode.getOrDefault(right.graph().position(input), Set.of()));
        }
        return spoiled;
    }

    private String cotangent(int node) {
        String name = line.notation().cotangent(node, right.times().of(node));
        return name == null ? "" : name;
    }

    private Location in(int node, Set<Integer> wrong) {
        List<Integer> differing = differing(wrong);
        List<UseRole> suspects = new Blame(line, scores, differing::contains).suspects(node, ofRole(node));
        Optional<String> site = suspects.stream()
                .findFirst()
                .flatMap(role -> line.node(Uses.middle(role).user()).site())
                .map(Site::line);
        List<String> terms = suspects.stream().map(line::term).distinct().toList();
        return new Location(
                cotangent(node),
                step(node, differing),
                terms.isEmpty() ? "" : terms.getFirst(),
                terms.stream().skip(1).toList(),
                site);
    }

    /** The numbers by hand of a role, at all steps and before the first. */
    private List<Integer> ofRole(int node) {
        int role = right.roles().role(node);
        return IntStream.range(0, scores.targets().size())
                .filter(i -> {
                    int of = scores.targets().get(i).node();
                    return of >= 0 && (right.roles().role(of) == role || line.stateOf(of) == role);
                })
                .boxed()
                .toList();
    }

    /**
     * What differs of quantities that are wrong, each step measured by what its own addends are: where a mistake lets numbers grow,
     * they would hide the steps at which it began.
     */
    private List<Integer> differing(Set<Integer> wrong) {
        return IntStream.range(0, scores.targets().size())
                .filter(i -> wrong.contains(quantity(i)) && differs(i))
                .boxed()
                .toList();
    }

    private boolean differs(int target) {
        Target of = scores.targets().get(target);
        double[] base = scores.base(target);
        double apart = 0;
        double size = 0;
        for (int k = 0; k < base.length; k++) {
            apart = Math.max(apart, Math.abs(of.yours()[k] - base[k]));
            size = Math.max(size, Math.abs(of.yours()[k]));
        }
        double addends = 0;
        for (Use use : of.node() < 0 ? List.<Use>of() : right.usesOf(of.node())) {
            Tensor term = right.term(use);
            addends +=
                    term == null ? 0 : Scores.largest(scores.values().of(term).toDoubles());
        }
        return !(apart <= scores.tolerance() * Math.max(size, addends));
    }

    /** The step of a node as the user counts, who counts those of a loop that runs backwards otherwise than it does. */
    private int numbered(int node) {
        return scores.targets().stream()
                .filter(target -> target.node() == node && !target.isArray())
                .mapToInt(Target::step)
                .findFirst()
                .orElseGet(() -> right.times().of(node));
    }

    /** The latest step of the role that spoils the first wrong number, going backwards. */
    private OptionalInt step(int node, List<Integer> differing) {
        int role = right.roles().role(node);
        for (int i : differing) {
            Target target = scores.targets().get(i);
            if (target.isArray() || target.node() < 0) {
                continue;
            }
            List<Integer> open = new ArrayList<>(List.of(target.node()));
            for (int k = 0; k < open.size() && k < 1000; k++) {
                if (right.roles().role(open.get(k)) == role) {
                    return OptionalInt.of(numbered(open.get(k)));
                }
                for (Use use : right.usesOf(open.get(k))) {
                    if (right.given(use.user()) == null || right.roles().role(use.user()) == role) {
                        open.add(use.user());
                    }
                }
            }
        }
        return OptionalInt.empty();
    }
}
