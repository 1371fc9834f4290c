package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * What {@link Tensor#value} and {@link dev.clew.plan.Plan} promise: which bits of a value depend on what else is asked for, and how far apart its two
 * values can be.
 */
final class AskedTogetherTest {
    private static int different;

    /** By every way there is to ask, each with nothing kept from before. */
    private static List<NDArray> ways(Tensor asked, List<Tensor> others) {
        List<Tensor> first = new ArrayList<>(List.of(asked));
        first.addAll(others);
        List<Tensor> last = new ArrayList<>(others);
        last.add(asked);
        List<NDArray> ways = new ArrayList<>();
        ways.add(new CompilingEvaluator(Compiler.ALL).evaluate(List.of(asked)).getFirst());
        ways.add(new CompilingEvaluator(Compiler.ALL).evaluate(first).getFirst());
        ways.add(new CompilingEvaluator(Compiler.ALL).evaluate(last).getLast());
        ways.add(Evaluator.plain().evaluate(List.of(asked)).getFirst());
        return ways;
    }

    private static double epsilon(DType type) {
        return type == DType.F64 ? 0x1p-52 : 0x1p-23;
    }

    /** What a sum of so many terms may be off, in units of ε·Σ|terms|. */
    private static double roundings(double terms) {
        return Math.min(terms, 256 + terms / 256);
    }

    private static Tensor drawn(Random random, DType type, int... shape) {
        return Parameter.of(RandomKey.of(random.nextLong()).normal(0, 1, type, Shape.of(shape)));
    }

    private static List<Tensor> some(Random random, List<Tensor> of) {
        return of.stream().filter(_ -> random.nextBoolean()).toList();
    }

    // ---------------------------------------------------------------------------------------------- what keeps its
    // bits

    /** Everything but a sum of products, of sums over rows, or of rows added by index: one operation after the other, on what was made. */
    @Property(tries = 25)
    void whatAddsUpNoProductsAndNoSumsHasTheSameBitsWhateverElseIsAsked(@ForAll long seed) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F64 : DType.F32;
        Tensor index = Tensor.of(new int[] {2, 0, 1, 2});
        List<Tensor> made = new ArrayList<>(List.of(drawn(random, type, 4, 4), drawn(random, type, 4, 4)));
        for (int i = 0; i < 12; i++) {
            Tensor a = made.get(random.nextInt(made.size()));
            Tensor b = made.get(random.nextInt(2));
            made.add(
                    switch (random.nextInt(12)) {
                        case 0 -> a.matmul(b).tanh();
                        case 1 -> a.transpose().matmul(b).sigmoid();
                        case 2 -> a.times(b).exp().log1p();
                        case 3 -> a.softmax(-1);
                        case 4 -> a.div(b.square().plus(1)).sin();
                        case 5 -> a.minus(a.mean(true, 0)).tanh();
                        case 6 -> a.gather(index);
                        case 7 -> Tensor.concat(0, List.of(a.slice(0, 1, 4), b.slice(0, 0, 1)));
                        case 8 -> a.cumulativeSum(1).tanh();
                        case 9 -> a.takeAlong(0, a.argSort(0));
                        case 10 -> a.sum(true, 1).times(b).tanh();
                        default -> Tensor.where(a.greaterThan(b), a, b.abs().sqrt());
                    });
        }
        Tensor asked = made.getLast();
        List<NDArray> ways = ways(asked, some(random, made));
        for (NDArray way : ways) {
            assertThat(BitsTest.bits(List.of(way)))
                    .as("seed " + seed)
                    .isEqualTo(BitsTest.bits(List.of(ways.getFirst())));
        }
    }

    // --------------------------------------------------------------------------------------------------- what may not

    /** Several products, added; each alone too. */
    @Property(tries = 40)
    void aSumOfProductsIsWithinItsRoundingOfTheExactOneHoweverItIsAsked(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int products) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F64 : DType.F32;
        List<Tensor> left = new ArrayList<>();
        List<Tensor> right = new ArrayList<>();
        List<Tensor> terms = new ArrayList<>();
        int count = 0;
        boolean isShared = random.nextBoolean();
        for (int i = 0; i < products; i++) {
            int length = isShared ? 3 : 1 + random.nextInt(60);
            left.add(drawn(random, type, 2, length));
            right.add(isShared && i > 0 ? right.getFirst() : drawn(random, type, length, 3));
            terms.add(left.get(i).matmul(right.get(i)));
            count += length;
        }
        Tensor sum = terms.getFirst();
        for (Tensor term : terms.subList(1, products)) {
            sum = sum.plus(term);
        }
        List<NDArray> ways = ways(sum, some(random, terms));
        for (int element = 0; element < 6; element++) {
            BigDecimal exact = BigDecimal.ZERO;
            double magnitude = 0;
            for (int i = 0; i < products; i++) {
                NDArray a = left.get(i).value();
                NDArray b = right.get(i).value();
                for (int k = 0; k < a.shape().length(1); k++) {
                    double x = a.get(element / 3, k);
                    double y = b.get(k, element % 3);
                    exact = exact.add(new BigDecimal(x).multiply(new BigDecimal(y)));
                    magnitude += Math.abs(x * y);
                }
            }
            within(ways, element, exact, roundings(count + products) * epsilon(type) * magnitude, seed);
        }
    }

    /** The gradient of a parameter that several steps share: sums of products, of rows, and of rows added by index. */
    @Property(tries = 25)
    void aSharedGradientIsWithinTheRoundingOfItsSumHoweverItIsAsked(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int steps) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F64 : DType.F32;
        Parameter bias = Parameter.zeros(type, 3);
        Parameter table = Parameter.zeros(type, 3, 3);
        double[][] exactBias = new double[3][2];
        BigDecimal[] ofBias = {BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO};
        Map<Integer, BigDecimal> ofTable = new HashMap<>();
        Map<Integer, Double> sizes = new HashMap<>();
        List<Tensor> losses = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int rows = 1 + random.nextInt(40);
            Tensor weight = drawn(random, type, rows, 3);
            int[] index = random.ints(rows, 0, 3).toArray();
            losses.add(weight.times(bias)
                    .sum()
                    .plus(weight.times(table.gather(Tensor.of(index))).sum()));
            NDArray numbers = weight.value();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < 3; column++) {
                    double x = numbers.get(row, column);
                    ofBias[column] = ofBias[column].add(new BigDecimal(x));
                    exactBias[column][0] += Math.abs(x);
                    exactBias[column][1]++;
                    ofTable.merge(3 * index[row] + column, new BigDecimal(x), BigDecimal::add);
                    sizes.merge(3 * index[row] + column, Math.abs(x), Double::sum);
                }
            }
        }
        Gradients gradients = Gradients.of(Tensor.sum(losses));
        List<Tensor> others = new ArrayList<>(losses);
        losses.forEach(loss -> others.add(Gradients.of(loss).wrt(bias)));
        others.add(gradients.wrt(table));
        List<NDArray> bars = ways(gradients.wrt(bias), some(random, others));
        for (int column = 0; column < 3; column++) {
            double terms = exactBias[column][1] + steps;
            within(bars, column, ofBias[column], roundings(terms) * epsilon(type) * exactBias[column][0], seed);
        }
        List<NDArray> tables = ways(gradients.wrt(table), some(random, others));
        for (int element = 0; element < 9; element++) {
            within(
                    tables,
                    element,
                    ofTable.getOrDefault(element, BigDecimal.ZERO),
                    roundings(40.0 * steps) * epsilon(type) * sizes.getOrDefault(element, 0.0),
                    seed);
        }
    }

    private static void within(List<NDArray> ways, int element, BigDecimal exact, double most, long seed) {
        double first = ways.getFirst().toDoubles()[element];
        for (NDArray way : ways) {
            double value = way.toDoubles()[element];
            different += value != first ? 1 : 0;
            assertThat(new BigDecimal(value).subtract(exact).abs().doubleValue())
                    .as("seed " + seed + ": " + value + " for " + exact.doubleValue())
                    .isLessThanOrEqualTo(most);
        }
    }

    // -------------------------------------------------------------------------------------------------- whole networks

    /** What is different goes on through what is computed from it, as any rounding does: by its cotangent. */
    @Property(tries = 12)
    void inANetworkTheRoundingOfItsSumsIsAllThatDiffers(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int steps) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F64 : DType.F32;
        List<String> names = List.copyOf(Nets.all().keySet());
        String name = names.get(random.nextInt(names.size()));
        Nets.Net net = Nets.net(name, Nets.ofSize(type, seed, 2, 4), steps);
        Parameter parameter =
                net.parameters().get(random.nextInt(net.parameters().size()));
        Tensor gradient = Gradients.of(net.loss()).wrt(parameter);
        Tensor signs = Tensor.of(NDArray.full(1, type, gradient.shape()));
        List<NDArray> ways = ways(gradient, some(random, net.outputs()));
        double most = rounding(gradient.times(signs).sum()) * epsilon(type);
        double first = total(ways.getFirst());
        for (NDArray way : ways) {
            assertThat(Math.abs(total(way) - first))
                    .as(name + ", " + steps + " steps, seed " + seed)
                    .isLessThanOrEqualTo(most);
        }
    }

    private static double total(NDArray array) {
        return Arrays.stream(array.toDoubles()).sum();
    }

    /** Σ |cotangent|·(twice the roundings of a sum)·Σ|terms| over all that is computed for a number. */
    private static double rounding(Tensor y) {
        List<Tensor> nodes = Graph.of(List.of(y)).nodes().stream()
                .filter(node -> node.dtype().isFloating() && !(node.op() instanceof Source))
                .toList();
        Gradients gradients = Gradients.of(y);
        List<Tensor> all = new ArrayList<>();
        for (Tensor node : nodes) {
            all.add(gradients.wrt(node));
            all.add(magnitude(node));
        }
        List<NDArray> values = Evaluator.plain().evaluate(all);
        double rounding = 0;
        for (int i = 0; i < nodes.size(); i++) {
            double[] bar = values.get(2 * i).toDoubles();
            double[] size = values.get(2 * i + 1).toDoubles();
            for (int element = 0; element < bar.length; element++) {
                rounding += Math.abs(bar[element]) * 2 * roundings(64) * size[element];
            }
        }
        return rounding;
    }

    private static Tensor magnitude(Tensor node) {
        if (node.op() instanceof Contraction.MatMul product) {
            return product.on(node.input(0).abs(), node.input(1).abs());
        }
        boolean isLinear =
                node.inputs().stream().allMatch(input -> input.dtype().isFloating())
                        && !(node.op() instanceof Elementwise);
        return isLinear ? node.op().on(node.inputs().stream().map(Tensor::abs).toArray(Tensor[]::new)) : node.abs();
    }

    @AfterContainer
    static void theTestSawValuesThatDiffer() {
        assertThat(different).isPositive();
    }
}
