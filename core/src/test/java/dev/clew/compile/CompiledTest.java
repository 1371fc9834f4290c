package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Random graphs of small integers, on which every operation used is exact: whatever order sums are taken in, plan and walk
 * agree to the bit, with every subset of the passes.
 */
final class CompiledTest {
    private static final Shape SHAPE = Shape.of(3, 3);

    /** An operation, by number, and two tensors, counted backward from the newest. */
    record Step(int operation, int left, int right) {}

    @Provide
    Arbitrary<List<Step>> programs() {
        return graphs();
    }

    static Arbitrary<List<Step>> graphs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 24),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 7))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(14);
    }

    @Provide
    Arbitrary<Set<Pass>> passes() {
        return Arbitraries.subsetOf(Pass.values());
    }

    /** Every subset of the passes. */
    static Set<Set<Pass>> subsets() {
        return Sets.powerSet(EnumSet.allOf(Pass.class));
    }

    @Property(tries = 400)
    void everySubsetOfThePassesGivesTheSameBits(
            @ForAll("programs") List<Step> steps,
            @ForAll("passes") Set<Pass> passes,
            @ForAll boolean single,
            @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        RandomKey key = RandomKey.of(seed);
        List<Tensor> leaves = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            NDArray numbers = integers(key.fold(i)).cast(type);
            leaves.add(i < 2 ? Parameter.of(numbers) : Tensor.of(numbers));
        }
        Tensor y = graph(steps, leaves);
        Gradients gradients = Gradients.of(y.sum());
        List<Tensor> outputs =
                List.of(y, gradients.wrt(leaves.get(0)), gradients.wrt(leaves.get(1)), gradients.wrt(leaves.get(2)));
        List<Tensor> all = Graph.of(outputs).nodes();
        // Three largest that are equal share the slope of a maximum in thirds: those are left to tests with bounds.
        Assume.that(Evaluator.plain().evaluate(all).stream().allMatch(value -> MergesTest.isExact(value, single)));
        List<NDArray> expected = Evaluator.plain().evaluate(outputs);
        List<NDArray> found = new Compiled(passes).evaluate(outputs);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).shape()).isEqualTo(expected.get(i).shape());
            assertThat(numbers(found.get(i))).as("output %d", i).isEqualTo(numbers(expected.get(i)));
        }
    }

    private static NDArray integers(RandomKey key) {
        return key.uniform(-2.99, 2.99, DType.F64, SHAPE).cast(DType.I32);
    }

    /** 0 and −0 are equal here: which of them a sum of products gives depends on its order. */
    private static double[] numbers(NDArray array) {
        double[] numbers = array.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += 0.0;
        }
        return numbers;
    }

    static Tensor graph(List<Step> steps, List<Tensor> leaves) {
        List<Tensor> made = new ArrayList<>(leaves);
        for (Step step : steps) {
            Tensor a = made.get(made.size() - 1 - step.left() % made.size());
            Tensor b = made.get(made.size() - 1 - step.right() % made.size());
            made.add(bounded(operation(step.operation(), a, b)));
        }
        return made.getLast();
    }

    /** Keeps numbers small integers, so that all that follows stays exact. */
    private static Tensor bounded(Tensor x) {
        return x.minimum(3).maximum(-3);
    }

    private static Tensor operation(int number, Tensor a, Tensor b) {
        return switch (number) {
            case 0 -> a.plus(b);
            case 1 -> a.minus(b);
            case 2 -> a.times(b);
            case 3 -> a.relu();
            case 4 -> a.square().minus(b);
            case 5 -> Tensor.where(a.lessThan(b), a, b.negate());
            case 6 -> Tensor.sum(List.of(a, b, a));
            case 7 -> a.transpose().plus(b);
            case 8 -> a.sum(true, 0).plus(b);
            case 9 -> a.sum(1).plus(b);
            case 10 -> a.max(true, 1).minus(b);
            case 11 -> Tensor.concat(0, List.of(a.slice(0, 1, 3), b.slice(0, 0, 1)));
            case 12 -> Tensor.concat(1, List.of(a.slice(1, 2, 3), b.slice(1, 0, 2)));
            case 13 -> a.gather(2, 0, 2).minus(b.get(1));
            case 14 -> Tensor.stack(1, List.of(a.get(0), a.get(1, 0), b.sum(1)));
            case 15 -> a.flip(0).plus(b.get(1, 2).expandDims(1));
            case 16 -> Tensor.concat(0, List.of(a, b)).slice(0, 1, 4);
            case 17 -> a.sum().broadcastTo(3, 3).minus(b);
            case 18 -> a.reshape(9).slice(0, 0, 9, 1).reshape(3, 3).plus(b.stopGradient());
            case 19 -> a.minus(a.max(true, 1)).sum(true, 1).plus(b);
            case 20 -> a.sum(true, 1).times(b.max(true, 1)).broadcastTo(3, 3);
            case 21 -> a.transpose().sum(true, 1).plus(b).minus(a.max(true, 1));
            default -> a.matmul(number == 22 ? b : b.transpose());
        };
    }
}
