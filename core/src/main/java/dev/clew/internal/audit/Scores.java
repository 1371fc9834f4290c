package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How near gradients with mistakes come to numbers that were written by hand. */
final class Scores {
    /** A tolerance of numbers in single precision. */
    private static final double SINGLE = 1e-7;
    /** By how many roundings of the largest term two orders of a sum may differ. */
    private static final double ROUNDINGS = 4;
    /** Nodes of which the formula is looked through while one is computed. */
    private static final int SWEPT = 8;

    private final Backward right;
    private final List<Target> targets;
    private final Valuation values;
    private final double tolerance;
    private final double[][] projections;
    private final double[][] base;
    private final int[] bySize;
    private final double[] floor;
    private final LongAdder work = new LongAdder();

    Scores(Backward right, List<Target> targets, Valuation values, double tolerance) {
        this.right = right;
        this.targets = targets;
        this.values = values;
        this.tolerance = tolerance;
        this.projections = new double[targets.size()][];
        this.base = new double[targets.size()][];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < base.length; i++) {
            Target target = targets.get(i);
            Tensor tensor = target.node() < 0 ? null : right.predicted(target.node());
            base[i] = tensor == null
                    ? new double[target.yours().length]
                    : values.of(tensor).toDoubles();
            projections[i] = random.doubles(base[i].length, 0.5, 1.5).toArray();
        }
        this.floor = floors();
        this.bySize = IntStream.range(0, base.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> base[i].length))
                .mapToInt(i -> i)
                .toArray();
    }

    /** Computes the terms that all gradients with mistakes share, before several threads ask for them. */
    void prepare() {
        for (UseRole role : right.useRoles()) {
            role.uses().forEach(use -> {
                boolean isArray = right.times().of(use.input()) == Times.NONE;
                Tensor term = right.term(use);
                if (term != null && !isArray) {
                    values.of(term);
                }
            });
        }
    }

    /** How near a mistake comes to being all that is wrong, as far as it was looked at: it ends at the first target that does not fit. */
    double single(Mutation mutation) {
        return ended(mutation, (i, numbers) -> distance(i, numbers));
    }

    /** Whether a mistake changes formulas and no number. */
    boolean isHidden(Mutation mutation) {
        return ended(mutation, (i, numbers) -> distance(base[i], numbers)) <= 1e-9;
    }

    private double ended(Mutation mutation, BiFunction<Integer, double[], Double> measure) {
        try {
            MutatedSweep sweep = new MutatedSweep(right, List.of(mutation));
            Valuation own = values.above();
            double worst = 0;
            boolean isChanged = false;
            for (int i : bySize) {
                Target target = targets.get(i);
                boolean changes = target.node() >= 0 && sweep.isChanged(target.node());
                isChanged |= changes;
                worst = Math.max(worst, measure.apply(i, changes ? numbers(sweep, target, own) : base[i]));
                if (!(worst <= tolerance)) {
                    return worst;
                }
            }
            return isChanged ? worst : Double.POSITIVE_INFINITY;
        } catch (IllegalArgumentException | IllegalStateException doesNotFit) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private int size() {
        return right.graph().size();
    }

    /** How much was computed so far, in operations: counted, not timed, so that the same numbers give the same report everywhere. */
    long work() {
        return work.sum();
    }

    List<Target> targets() {
        return targets;
    }

    Valuation values() {
        return values;
    }

    double tolerance() {
        return tolerance;
    }

    double[] base(int target) {
        return base[target];
    }

    /**
     * What became of every target.
     *
     * @param distance of each, relative to its largest number; infinite if a number is not finite
     * @param changed those whose formula is another one than the right one
     * @param altered those whose numbers are other ones than the right ones
     * @param print a projection of each, which tells gradients apart that are not the same
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Score(double[] distance, BitSet changed, BitSet altered, double[] print) {
        double worst() {
            double worst = 0;
            for (double each : distance) {
                worst = Math.max(worst, each);
            }
            return worst;
        }

        boolean isWithin(double tolerance) {
            return worst() <= tolerance;
        }
    }

    /** The score of the right gradient. */
    Score ofRight() {
        double[] distance = new double[base.length];
        double[] print = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            distance[i] = distance(i, base[i]);
            print[i] = dot(projections[i], base[i]);
        }
        return new Score(distance, new BitSet(), new BitSet(), print);
    }

    /** The score of a gradient with mistakes; null if these cannot be made here, because shapes do not fit. */
    @Nullable
    Score of(List<Mutation> mutations) {
        try {
            MutatedSweep sweep = new MutatedSweep(right, mutations);
            Valuation own = values.above();
            double[] distance = new double[base.length];
            double[] print = new double[base.length];
            BitSet changed = new BitSet();
            BitSet altered = new BitSet();
            for (int i = 0; i < base.length; i++) {
                Target target = targets.get(i);
                boolean isChanged = target.node() >= 0 && sweep.isChanged(target.node());
                double[] numbers = isChanged ? numbers(sweep, target, own) : base[i];
                changed.set(i, isChanged);
                distance[i] = distance(i, numbers);
                print[i] = dot(projections[i], numbers);
                altered.set(i, isChanged && distance(numbers, base[i], floor[i]) > tolerance);
            }
            work.add(own.count() + size() / SWEPT);
            return new Score(distance, changed, altered, print);
        } catch (IllegalArgumentException | IllegalStateException doesNotFit) {
            return null;
        }
    }

    /** The factor that all targets have in common with yours, as far as their projections tell; NaN if they do not. */
    double commonFactor(Score score) {
        double factor = Double.NaN;
        for (int i = 0; i < base.length; i++) {
            double yours = dot(projections[i], targets.get(i).yours());
            boolean isNothing = score.print()[i] == 0 && yours == 0;
            double own = yours / score.print()[i];
            boolean agrees = Double.isNaN(factor) || Math.abs(own - factor) <= 1e-6 * Math.abs(factor);
            if (!isNothing && !agrees) {
                return Double.NaN;
            }
            factor = isNothing ? factor : own;
        }
        return factor;
    }

    /** How far one target is with mistakes, without the others; infinite where these cannot be made. */
    double distance(List<Mutation> mutations, int target) {
        double[] numbers = numbers(mutations, target);
        return numbers == null ? Double.POSITIVE_INFINITY : distance(target, numbers);
    }

    /** The numbers of one target with mistakes. */
    double @Nullable [] numbers(List<Mutation> mutations, int target) {
        try {
            MutatedSweep sweep = new MutatedSweep(right, mutations);
            Target of = targets.get(target);
            Valuation own = values.above();
            double[] numbers = of.node() < 0 || !sweep.isChanged(of.node()) ? base[target] : numbers(sweep, of, own);
            work.add(own.count() + size() / SWEPT);
            return numbers;
        } catch (IllegalArgumentException | IllegalStateException doesNotFit) {
            return null;
        }
    }

    private static double[] numbers(MutatedSweep sweep, Target target, Valuation values) {
        Tensor tensor = sweep.predicted(target.node());
        return tensor == null
                ? new double[target.yours().length]
                : values.of(tensor).toDoubles();
    }

    /**
     * How far numbers are from those by hand. Adjoints are measured by the largest of their quantity at any step; and what is nothing but
     * rounding, because its terms cancel, by the size of these.
     */
    private double distance(int target, double[] numbers) {
        return distance(targets.get(target).yours(), numbers, floor[target]);
    }

    private double[] floors() {
        Map<String, Double> largest = new HashMap<>();
        for (int i = 0; i < base.length; i++) {
            if (!targets.get(i).isArray()) {
                largest.merge(targets.get(i).name(), largest(base[i]), Math::max);
            }
        }
        double[] floors = new double[base.length];
        for (int i = 0; i < floors.length; i++) {
            Target target = targets.get(i);
            floors[i] = target.isArray() ? 0 : largest.getOrDefault(target.name(), 0.0);
            Tensor right = this.right.predicted(Math.max(0, target.node()));
            boolean isApart = target.node() >= 0 && distance(target.yours(), base[i], floors[i]) > tolerance;
            if (isApart && right != null) {
                floors[i] = Math.max(floors[i], rounding(right) / tolerance);
            }
        }
        return floors;
    }

    /** What the rounding of its terms leaves of a sum. */
    private double rounding(Tensor sum) {
        double unit = tolerance < SINGLE ? Math.ulp(1.0) : Math.ulp(1.0f);
        Tensor terms = Magnitude.of(sum, each -> right.isTotal(each) || right.isForward(each));
        return ROUNDINGS * unit * largest(values.above().of(terms).toDoubles());
    }

    /** The largest absolute value; 0 of none. */
    static double largest(double[] numbers) {
        double largest = 0;
        for (double each : numbers) {
            largest = Math.max(largest, Math.abs(each));
        }
        return largest;
    }

    /** max|a − b| / max(|a|, |b|); infinite if a number is not finite. */
    static double distance(double[] a, double[] b) {
        return distance(a, b, 0);
    }

    private static double distance(double[] a, double[] b, double floor) {
        double apart = 0;
        double largest = floor;
        boolean isFinite = true;
        for (int i = 0; i < a.length; i++) {
            apart = Math.max(apart, Math.abs(a[i] - b[i]));
            largest = Math.max(largest, Math.max(Math.abs(a[i]), Math.abs(b[i])));
            isFinite &= Double.isFinite(a[i]) && Double.isFinite(b[i]);
        }
        return !isFinite ? Double.POSITIVE_INFINITY : apart == 0 ? 0 : apart / largest;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Whether two gradients are the same numbers, as far as their projections tell. */
    static boolean isSame(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            double largest = Math.max(Math.abs(a[i]), Math.abs(b[i]));
            if (!(Math.abs(a[i] - b[i]) <= 1e-9 * largest + 1e-280)) {
                return false;
            }
        }
        return true;
    }

    /** The targets that are not reached. */
    List<Integer> missed(Score score) {
        List<Integer> missed = new ArrayList<>();
        for (int i = 0; i < score.distance().length; i++) {
            if (!(score.distance()[i] <= tolerance)) {
                missed.add(i);
            }
        }
        return missed;
    }
}
