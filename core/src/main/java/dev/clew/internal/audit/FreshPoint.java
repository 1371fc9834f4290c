package dev.clew.internal.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The same formulas at other numbers, which have nothing in common by chance: targets are any numbers, no state is 0, no two rows are
 * alike. What is 0 or 1 throughout, as a mask is, stays so, since nobody can tell m from m². Mistakes that are the same formula are the same
 * there, others are not.
 */
final class FreshPoint {
    private static final int TRIES = 5;

    private final Backward right;
    private final List<Target> targets;
    private final Valuation values;

    FreshPoint(Backward right, List<Target> targets, List<Tensor> given, long seed) {
        this.right = right;
        this.targets = targets;
        Valuation found = null;
        for (int attempt = 0; attempt < TRIES && found == null; attempt++) {
            Valuation candidate = new Valuation(numbers(given, new SplittableRandom(seed + attempt), attempt));
            found = isFinite(candidate) ? candidate : null;
        }
        this.values = found == null ? new Valuation(Map.of()) : found;
    }

    private Map<Tensor, NDArray> numbers(List<Tensor> given, SplittableRandom random, int attempt) {
        Map<Tensor, NDArray> numbers = new HashMap<>();
        Graph graph = right.graph();
        List<Tensor> sources = new ArrayList<>(graph.nodes());
        sources.removeIf(node ->
                !(node.op() instanceof Source) || (node.shape().rank() == 0 && !right.isNeeded(graph.position(node))));
        sources.addAll(given);
        for (Tensor source : sources) {
            boolean isData = !right.isNeeded(Math.max(0, graph.position(source))) && graph.position(source) >= 0;
            source.known()
                    .ifPresent(own -> numbers.put(
                            source, isData && isMask(own) ? mask(own, random) : other(own, random, attempt, isData)));
        }
        return numbers;
    }

    /** Zeros that are no parameter and no initial state that was named are zeros at every point. */
    private static boolean isNothing(NDArray array) {
        return java.util.Arrays.stream(array.toDoubles()).allMatch(each -> each == 0);
    }

    private static boolean isMask(NDArray array) {
        double[] numbers = array.toDoubles();
        boolean hasOne = false;
        for (double each : numbers) {
            if (each != 0 && each != 1) {
                return false;
            }
            hasOne |= each == 1;
        }
        return hasOne && array.dtype().isFloating();
    }

    private static NDArray mask(NDArray own, SplittableRandom random) {
        double[] numbers = own.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(5) < 3 ? 1 : 0;
        }
        return NDArray.of(own.shape(), numbers).cast(own.dtype());
    }

    /** Of another try, nearer to what there is, in case a formula is defined there alone. */
    private static NDArray other(NDArray own, SplittableRandom random, int attempt, boolean isData) {
        Shape shape = own.shape();
        double[] numbers = own.toDoubles();
        if (own.dtype() == DType.BOOL) {
            boolean[] truths = new boolean[numbers.length];
            for (int i = 0; i < truths.length; i++) {
                truths[i] = random.nextInt(3) > 0;
            }
            return NDArray.of(truths).reshape(shape);
        }
        if (own.dtype() == DType.I32 || (isData && isNothing(own))) {
            return own;
        }
        for (int i = 0; i < numbers.length; i++) {
            double fresh = random.nextDouble(0.25, 0.95);
            double signed =
                    numbers[i] < 0 || (attempt % 2 == 0 && random.nextBoolean() && hasBothSigns(own)) ? -fresh : fresh;
            numbers[i] = attempt < 2 ? signed : numbers[i] * random.nextDouble(0.8, 1.2);
        }
        return NDArray.of(shape, numbers).cast(own.dtype());
    }

    private static boolean hasBothSigns(NDArray array) {
        double least = 0;
        double most = 0;
        for (double each : array.toDoubles()) {
            least = Math.min(least, each);
            most = Math.max(most, each);
        }
        return least < 0 && most > 0;
    }

    private boolean isFinite(Valuation candidate) {
        for (Target target : targets) {
            Tensor tensor = target.node() < 0 ? null : right.predicted(target.node());
            for (double each :
                    tensor == null ? new double[0] : candidate.of(tensor).toDoubles()) {
                if (!Double.isFinite(each)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** All numbers of a gradient with mistakes there; null if they cannot be made. */
    double @Nullable [] of(List<Mutation> mutations) {
        try {
            MutatedSweep sweep = new MutatedSweep(right, mutations);
            Valuation own = values.above();
            List<double[]> parts = new ArrayList<>();
            for (Target target : targets) {
                Tensor tensor = target.node() < 0 ? null : sweep.predicted(target.node());
                parts.add(
                        tensor == null
                                ? new double[target.yours().length]
                                : own.of(tensor).toDoubles());
            }
            return parts.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
        } catch (IllegalArgumentException | IllegalStateException doesNotFit) {
            return null;
        }
    }

    /** Whether two sets of mistakes are the same formula. */
    boolean isSame(List<Mutation> one, List<Mutation> two) {
        double[] a = of(one);
        double[] b = of(two);
        return a != null && b != null && Scores.distance(a, b) <= 1e-9;
    }
}
