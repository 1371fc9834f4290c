package dev.clew.internal.audit;

import dev.clew.audit.Location;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where a gradient begins to be wrong that no mistake explains.
 *
 * <p>What is wrong tells where: a mistake in the formula of a cotangent spoils all that is computed from it, and nothing else; where
 * adjoints by hand are given, only until the next of them. Of the addends of a formula, one is at fault whose absence, at the last step
 * say, goes with agreement, and whose large numbers go with large differences.
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
        return spoils.entrySet().stream()
                .filter(each -> each.getValue().containsAll(wrong))
                .min(Comparator.<Map.Entry<Integer, Set<Integer>>>comparingInt(
                                each -> each.getValue().size())
                        .thenComparingInt(each -> line.stateOf(each.getKey()) >= 0 ? 1 : 0)
                        .thenComparingInt(each -> line.node(each.getKey()).inputCount() == 0 ? 0 : 1)
                        .thenComparingInt(Map.Entry::getKey))
                .map(each -> in(each.getKey(), missed));
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

    private Location in(int node, List<Integer> missed) {
        Map<UseRole, Double> blame = blame(node);
        List<UseRole> ranked = blame.keySet().stream()
                .sorted(Comparator.comparingDouble((UseRole role) -> blame.getOrDefault(role, 0.0))
                        .reversed())
                .toList();
        double most = ranked.isEmpty() ? 0 : blame.getOrDefault(ranked.getFirst(), 0.0);
        List<String> others = ranked.stream()
                .skip(1)
                .filter(role -> blame.getOrDefault(role, 0.0) >= 0.9 * most)
                .map(line::term)
                .toList();
        int time = right.times().of(node);
        String quantity = line.notation().cotangent(node, time);
        Optional<String> site = ranked.stream()
                .findFirst()
                .flatMap(role -> line.node(Uses.middle(role).user()).site())
                .map(Site::line);
        return new Location(
                quantity == null ? "" : quantity,
                step(node, missed),
                ranked.isEmpty() ? "" : line.term(ranked.getFirst()),
                others,
                site);
    }

    /** The latest step of the role that spoils the first wrong number, going backwards. */
    private OptionalInt step(int node, List<Integer> missed) {
        int role = right.roles().role(node);
        for (int i : missed) {
            Target target = scores.targets().get(i);
            if (target.isArray() || target.node() < 0) {
                continue;
            }
            List<Integer> open = new ArrayList<>(List.of(target.node()));
            for (int k = 0; k < open.size() && k < 1000; k++) {
                if (right.roles().role(open.get(k)) == role) {
                    return OptionalInt.of(right.times().of(open.get(k)));
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

    /** How well the differences of a quantity go with the size of each addend, over all steps. */
    private Map<UseRole, Double> blame(int node) {
        Map<UseRole, List<double[]>> terms = new LinkedHashMap<>();
        int role = right.roles().role(node);
        List<Integer> own = IntStream.range(0, scores.targets().size())
                .filter(i -> scores.targets().get(i).node() >= 0
                        && right.roles().role(scores.targets().get(i).node()) == role)
                .boxed()
                .toList();
        Map<UseRole, Double> blame = new LinkedHashMap<>();
        for (Use use : right.usesOf(node)) {
            if (right.term(use) != null) {
                terms.computeIfAbsent(right.role(use), none -> new ArrayList<>());
            }
        }
        terms.keySet().forEach(each -> blame.put(each, terms.size() == 1 ? 1 : together(each, own)));
        return blame;
    }

    private double together(UseRole role, List<Integer> own) {
        List<Double> differences = new ArrayList<>();
        List<Double> sizes = new ArrayList<>();
        boolean isAbsentButWrong = false;
        for (int i : own) {
            Target target = scores.targets().get(i);
            double[] term = term(role, target.node());
            double[] base = scores.base(i);
            double apart = Scores.distance(target.yours(), base);
            isAbsentButWrong |= term.length == 0 && apart > scores.tolerance();
            for (int k = 0; k < term.length; k++) {
                differences.add(Math.abs(target.yours()[k] - base[k]));
                sizes.add(Math.abs(term[k]));
            }
        }
        return isAbsentButWrong ? -1 : correlation(ranks(differences), ranks(sizes));
    }

    private double[] term(UseRole role, int node) {
        for (Use use : right.usesOf(node)) {
            Tensor term = right.term(use);
            if (right.role(use).equals(role) && term != null) {
                return scores.values().of(term).toDoubles();
            }
        }
        return new double[0];
    }

    private static double[] ranks(List<Double> numbers) {
        Integer[] order = IntStream.range(0, numbers.size())
                .boxed()
                .sorted(Comparator.comparing(numbers::get))
                .toArray(Integer[]::new);
        double[] ranks = new double[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double mean = (a.length - 1) / 2.0;
        double product = 0;
        double square = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - mean) * (b[i] - mean);
            square += (a[i] - mean) * (a[i] - mean);
        }
        return square == 0 ? 0 : product / square;
    }
}
