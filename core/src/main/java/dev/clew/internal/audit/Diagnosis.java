package dev.clew.internal.audit;

import dev.clew.array.NDArray;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.AuditedStep;
import dev.clew.audit.ByHand;
import dev.clew.audit.Explanation;
import dev.clew.audit.Location;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One gradient that was written by hand, at one point, against the right one. */
public final class Diagnosis {
    private final Unrolled forward;
    private final Map<String, Tensor> data;
    private final ByHand byHand;
    private final double tolerance;
    private final long seed;
    private final Graph graph;
    private final Roles roles;
    private final Times times;
    private final List<Target> targets;
    private final Backward plain;
    private final Backward right;
    private final Valuation values;
    private final Map<Integer, Tensor> given;
    private final TestPoint points;
    private Optional<Location> location = Optional.empty();
    private List<Mutation> made = List.of();

    public Diagnosis(Unrolled forward, Map<String, Tensor> data, ByHand byHand, double tolerance, long seed) {
        this.forward = forward;
        this.byHand = byHand;
        this.tolerance = tolerance;
        this.seed = seed;
        this.graph = Graph.of(List.of(forward.loss()));
        this.roles = new Roles(
                graph,
                new HashSet<>(forward.parameters().values()),
                new HashSet<>(forward.initial().values()));
        this.times = new Times(graph, roles);
        this.targets = targets();
        BitSet needed = new BitSet();
        targets.stream().filter(target -> target.node() >= 0).forEach(target -> needed.set(target.node()));
        for (int user = 0; user < graph.size(); user++) {
            for (Tensor input : graph.node(user).inputs()) {
                int position = graph.position(input);
                if (input.inputCount() == 0 && input.dtype().isFloating() && times.crosses(user, position)) {
                    needed.set(position);
                }
            }
        }
        this.plain = new Backward(graph, roles, times, needed, Map.of());
        this.given = given();
        this.right = given.isEmpty() ? plain : new Backward(graph, roles, times, needed, given);
        this.values = new Valuation(Map.of());
        this.data = data;
        this.points = new TestPoint(forward, right);
    }

    /** Those of steps first, later ones before earlier ones, as the backward pass computes them. */
    private List<Target> targets() {
        List<Target> all = new ArrayList<>();
        byHand.adjoints().forEach((name, list) -> {
            List<Tensor> steps = forward.steps().getOrDefault(name, List.of());
            for (int step = 0; step < list.size(); step++) {
                all.add(new Target(
                        name,
                        graph.position(steps.get(step)),
                        step,
                        list.get(step).toDoubles()));
            }
        });
        all.sort(Comparator.comparingInt(Target::node).reversed());
        Map<String, Tensor> inputs = new HashMap<>(forward.parameters());
        inputs.putAll(forward.initial());
        byHand.gradients().forEach((name, array) -> {
            Tensor input = inputs.get(name);
            int node = input == null ? -1 : graph.position(input);
            all.add(new Target(name, node, -1, array.toDoubles()));
        });
        return all;
    }

    private Map<Integer, Tensor> given() {
        Map<Integer, Tensor> given = new HashMap<>();
        byHand.adjoints().forEach((name, list) -> {
            List<Tensor> steps = forward.steps().getOrDefault(name, List.of());
            for (int step = 0; step < list.size(); step++) {
                int node = graph.position(steps.get(step));
                Tensor of = steps.get(step);
                if (node >= 0) {
                    given.put(node, Tensor.of(list.get(step).reshape(of.shape()).cast(of.dtype())));
                }
            }
        });
        return given;
    }

    /** What is wrong, and why. */
    public AuditReport report() {
        Scores asWhole = new Scores(plain, targets, values, tolerance);
        Scores stepwise = right == plain ? asWhole : new Scores(right, targets, values, tolerance);
        boolean isRight = asWhole.missed(asWhole.ofRight()).isEmpty();
        Attempt attempt = new Attempt(right, stepwise);
        if (isRight) {
            List<String> remarks = points.remarks(attempt.ties.hidden(), List.of());
            return report(AuditOutcome.RIGHT, asWhole, stepwise, List.of(), attempt.search, remarks);
        }
        List<List<Mutation>> classes = attempt.classes(true);
        if (classes.isEmpty() && right != plain) {
            Attempt whole = new Attempt(plain, asWhole);
            classes = whole.classes(false);
            attempt = classes.isEmpty() ? attempt : whole;
        }
        return classes.isEmpty()
                ? unexplained(attempt, asWhole, stepwise)
                : explained(attempt, classes, asWhole, stepwise);
    }

    /** Where it begins to be wrong, as no mistake explains it. */
    private AuditReport unexplained(Attempt attempt, Scores asWhole, Scores stepwise) {
        location = located(attempt.scores, attempt.line);
        return report(AuditOutcome.UNEXPLAINED, asWhole, stepwise, List.of(), attempt.search, List.of());
    }

    /** Where agreement stops, whatever the reason. */
    Optional<Location> located() {
        return located(
                new Scores(right, targets, values, tolerance), new Uses(right, new Notation(right, forward, data)));
    }

    private static Optional<Location> located(Scores scores, Uses line) {
        return new Locator(line.right(), scores, line).location(scores.missed(scores.ofRight()));
    }

    /** The mistakes of each class: one class decides, several are told apart by the remarks. */
    private AuditReport explained(Attempt attempt, List<List<Mutation>> classes, Scores asWhole, Scores stepwise) {
        boolean isDecided = classes.size() == 1;
        made = classes.getFirst();
        List<Explanation> explanations = new ArrayList<>();
        for (List<Mutation> each : classes) {
            explanations.addAll(attempt.explained(each));
        }
        return report(
                isDecided ? AuditOutcome.EXPLAINED : AuditOutcome.UNDECIDED,
                asWhole,
                stepwise,
                explanations,
                attempt.search,
                isDecided ? List.of() : points.remarks(List.of(), classes));
    }

    /**
     * What is wrong, and why, also of what a second call of the same code gave at the same point.
     *
     * @param differing what it gave other numbers for; nothing if it gave the same
     */
    public AuditReport report(ByHand second, List<String> differing) {
        AuditReport report = report();
        if (differing.isEmpty()) {
            return report;
        }
        Diagnosis again = new Diagnosis(forward, data, second, tolerance, seed);
        Uses line = new Uses(plain, new Notation(plain, forward, data));
        Leftovers calls = new Leftovers(line, targets, again.targets, made, values, tolerance);
        List<Explanation> found = calls.explanations();
        AuditReport shown = report.isRight() ? again.compared() : report;
        List<Explanation> all = new ArrayList<>(report.explanations());
        all.addAll(found);
        List<String> remarks = new ArrayList<>(report.remarks());
        remarks.add("a second call at the same point gives other numbers for " + String.join(", ", differing)
                + ": something is kept between calls; set it to 0 at the beginning of each"
                + (report.isRight() ? ". The first call is right, and the numbers shown are those of the second" : ""));
        return new AuditReport(
                ofBoth(report, !found.isEmpty()),
                report.forward(),
                shown.gradients(),
                shown.steps(),
                all,
                report.next(),
                report.nextDistance(),
                report.location(),
                remarks,
                seed);
    }

    /** The outcome of two calls that differ: explained if what is wrong with each of them is. */
    private static AuditOutcome ofBoth(AuditReport first, boolean isSecondExplained) {
        if (isSecondExplained && (first.isRight() || first.outcome() == AuditOutcome.EXPLAINED)) {
            return AuditOutcome.EXPLAINED;
        }
        return first.outcome() == AuditOutcome.UNDECIDED ? first.outcome() : AuditOutcome.UNEXPLAINED;
    }

    /** The numbers side by side, without a search. */
    private AuditReport compared() {
        Scores asWhole = new Scores(plain, targets, values, tolerance);
        return new AuditReport(
                AuditOutcome.UNEXPLAINED,
                Optional.empty(),
                gradients(asWhole),
                steps(asWhole, asWhole),
                List.of(),
                Optional.empty(),
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                List.of(),
                seed);
    }

    /** A search from one right gradient: step by step from adjoints by hand, or as a whole. */
    private final class Attempt {
        private final Backward from;
        private final Scores scores;
        private final Notation notation;
        private final Uses line;
        private final Search search;
        private final Ties ties;

        Attempt(Backward from, Scores scores) {
            this.from = from;
            this.scores = scores;
            this.notation = new Notation(from, forward, data);
            this.line = new Uses(from, notation);
            this.search = new Search(scores, line, mutations(line));
            this.ties = new Ties(
                    new FreshPoint(from, targets, from == plain ? List.of() : List.copyOf(given.values()), seed),
                    search);
        }

        List<List<Mutation>> classes(boolean isThorough) {
            return ties.classes(search.solutions(isThorough));
        }

        List<Explanation> explained(List<Mutation> made) {
            List<Explanation> all = new ArrayList<>();
            Scores.Score score = scores.of(made);
            double distance = score == null ? 0 : score.worst();
            Map<String, List<Mutation>> alike = new LinkedHashMap<>();
            made.forEach(each -> alike.computeIfAbsent(each.kind(), none -> new ArrayList<>())
                    .add(each));
            for (List<Mutation> each : alike.values()) {
                all.add(explanation(each, distance));
            }
            return all;
        }

        /** Where else the same mistake is, as in lines that are copies of each other. */
        private String likewise(List<Mutation> alike) {
            List<String> others = alike.stream()
                    .skip(1)
                    .map(each -> line.cotangent(each.at().stream()
                            .min(Comparator.comparingInt(UseRole::index))
                            .orElseThrow()))
                    .distinct()
                    .toList();
            return others.isEmpty() ? "" : " (likewise: " + String.join(", ", others) + ")";
        }

        private Explanation explanation(List<Mutation> alike, double distance) {
            Mutation mutation = alike.getFirst();
            UseRole first = mutation.at().stream()
                    .min(Comparator.comparingInt(UseRole::index))
                    .orElseThrow();
            Use middle = Uses.middle(first);
            int named = line.named(middle.input());
            LossFormula losses = new LossFormula(line, values);
            Formulas yours = new Formulas(notation, new MutatedSweep(from, List.of(mutation)));
            List<Target> affected = affected(alike);
            Optional<String> site = line.node(middle.user()).site().map(Site::line);
            return new Explanation(
                    mutation.family(),
                    mutation.name().get() + likewise(alike),
                    affected.stream().map(Target::name).distinct().toList(),
                    yours.equation(named, losses),
                    line.formulas().equation(named, losses),
                    mutation.fix().get(),
                    site,
                    distance,
                    affected.stream().mapToInt(target -> target.yours().length).sum());
        }

        /** The targets whose numbers the mistake changes. */
        private List<Target> affected(List<Mutation> alike) {
            Scores.Score score = scores.of(alike);
            return IntStream.range(0, targets.size())
                    .filter(i -> score != null && score.changed().get(i))
                    .mapToObj(targets::get)
                    .toList();
        }
    }

    static List<Mutation> mutations(Uses line) {
        List<Mutation> all = new ArrayList<>();
        all.addAll(Sums.of(line));
        all.addAll(ReadValues.of(line));
        all.addAll(Everywhere.of(line));
        all.addAll(ActivationSlopes.of(line));
        all.addAll(MisplacedFactors.of(line));
        all.addAll(TermParts.of(line));
        all.addAll(Paths.of(line));
        all.addAll(Plumbing.of(line));
        all.addAll(Losses.of(line));
        all.addAll(Truncations.of(line));
        return all;
    }

    private AuditReport report(
            AuditOutcome outcome,
            Scores whole,
            Scores stepwise,
            List<Explanation> explanations,
            Search search,
            List<String> remarks) {
        Mutation nearest = search.nearest();
        return new AuditReport(
                outcome,
                Optional.empty(),
                gradients(whole),
                steps(whole, stepwise),
                explanations,
                Optional.ofNullable(nearest).map(each -> each.name().get()),
                search.nearestDistance(),
                location,
                remarks,
                seed);
    }

    private List<AuditedGradient> gradients(Scores whole) {
        List<AuditedGradient> all = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            NDArray array = byHand.gradients().get(target.name());
            if (target.isArray() && array != null) {
                all.add(Comparison.of(target, array.shape(), whole.base(i), tolerance));
            }
        }
        return all;
    }

    private List<AuditedStep> steps(Scores whole, Scores stepwise) {
        List<AuditedStep> all = new ArrayList<>();
        Scores.Score of = whole.ofRight();
        Scores.Score follows = stepwise.ofRight();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            if (!target.isArray()) {
                all.add(new AuditedStep(
                        target.name(),
                        target.step(),
                        Comparison.relative(target.yours(), whole.base(i)),
                        of.distance()[i] <= tolerance,
                        follows.distance()[i] <= tolerance));
            }
        }
        return all;
    }
}
