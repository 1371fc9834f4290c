package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Contraction.MatMul;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Random loops over time around random bodies, with many products of few parameters, and random formulas of what the loops
 * made: numbers are exact, so however products and sums are merged, plan and walk agree to the bit.
 */
final class MergesTest {
    private static final int WIDTH = 4;
    private static final int ROWS = 2;

    /** In units of 2⁻⁸, what sums of a few dozen numbers may reach and still be exact. */
    private static final double F32_LIMIT = 1 << 19;

    private static final double F64_LIMIT = 1L << 46;

    private static int merged;
    private static int lifted;
    private static int split;

    /** An operation, by number, two tensors, counted backward from the newest, and one of the parameters. */
    record Gene(int operation, int left, int right, int parameter) {}

    /** The body of a loop, how often it runs, the step that is different, and what is done afterward. */
    record Net(List<Gene> body, int steps, int odd, List<Gene> after) {}

    private static Arbitrary<List<Gene>> genes(int most, int reach) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 21),
                        Arbitraries.integers().between(0, reach),
                        Arbitraries.integers().between(0, reach),
                        Arbitraries.integers().between(0, 3))
                .as(Gene::new)
                .list()
                .ofMaxSize(most);
    }

    @Provide
    Arbitrary<Net> nets() {
        return loops();
    }

    @Provide
    Arbitrary<Set<Pass>> passes() {
        return Arbitraries.subsetOf(Pass.values());
    }

    static Arbitrary<Net> loops() {
        return Combinators.combine(
                        genes(6, 5),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(-3, 4),
                        genes(14, 30))
                .as(Net::new);
    }

    @AfterContainer
    static void mergesHappened() {
        assertThat(List.of(merged, lifted, split))
                .as("products merged, stacks lifted, batches split")
                .allMatch(count -> count > 0);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void mergedProductsGiveTheBitsOfTheWalk(
            @ForAll("nets") Net net,
            @ForAll boolean single,
            @ForAll boolean someOff,
            @ForAll("passes") Set<Pass> some,
            @ForAll long seed) {
        List<Tensor> outputs = outputs(net, single ? DType.F32 : DType.F64, seed);
        List<Tensor> all = Graph.of(outputs).nodes();
        List<NDArray> values = Evaluator.plain().evaluate(all);
        Assume.that(values.stream().allMatch(value -> isExact(value, single)));
        count(outputs);
        Set<Pass> passes = someOff ? some : Compiler.ALL;
        Capture capture = Capture.of(outputs);
        List<NDArray> found =
                Poisoned.run(Compiler.compile(capture.program(), passes), capture.numbers(), Draft.Form.PLAIN);
        for (int i = 0; i < outputs.size(); i++) {
            NDArray expected = values.get(all.indexOf(outputs.get(i)));
            assertThat(found.get(i).shape()).isEqualTo(expected.shape());
            assertThat(numbers(found.get(i))).as("output %d with %s", i, passes).isEqualTo(numbers(expected));
        }
    }

    /** Whether whatever is added up of such numbers, in whatever order, is exact too. */
    static boolean isExact(NDArray value, boolean single) {
        double limit = single ? F32_LIMIT : F64_LIMIT;
        return Arrays.stream(value.toDoubles())
                .allMatch(x -> Math.rint(x * 256) == x * 256 && Math.abs(x * 256) < limit);
    }

    /** 0 and −0 are equal here: which of them a sum of products gives depends on its order. */
    private static double[] numbers(NDArray array) {
        return Arrays.stream(array.toDoubles()).map(x -> x + 0.0).toArray();
    }

    // ----------------------------------------------------------------------------------------------- what happened

    private static void count(List<Tensor> outputs) {
        Program program = Simplify.of(Capture.of(outputs).program());
        for (var step : MergeGemms.STEPS.subList(0, MergeGemms.STEPS.size() - 2)) {
            program = Simplify.of(step.apply(program));
        }
        Program rows = MergeRows.of(program);
        merged += products(rows) < products(program) ? 1 : 0;
        split += products(rows) > fewest(program) ? 1 : 0;
        Program before = Simplify.of(rows);
        lifted += Simplify.of(Lift.of(before)).size() < before.size() ? 1 : 0;
    }

    private static boolean isMergeable(Node node) {
        return node.op() instanceof Selection.Gather
                || (node.op() instanceof MatMul product && node.shape().rank() == 2 && !product.transposeA());
    }

    private static long products(Program program) {
        return IntStream.range(0, program.size())
                .filter(i -> isMergeable(program.node(i)))
                .count();
    }

    /** As few products as there would be if no batches waited for each other in a circle. */
    private static long fewest(Program program) {
        Map<Object, List<Integer>> colors = new HashMap<>();
        for (int i = 0; i < program.size(); i++) {
            Node node = program.node(i);
            if (isMergeable(node)) {
                int shared = node.op() instanceof MatMul ? 1 : 0;
                colors.computeIfAbsent(List.of(node.op(), node.input(shared)), _ -> new ArrayList<>())
                        .add(i);
            }
        }
        long sum = 0;
        for (List<Integer> color : colors.values()) {
            int[] level = new int[program.size()];
            Set<Integer> members = Set.copyOf(color);
            for (int i = 0; i < level.length; i++) {
                for (int input : program.node(i).inputs().toArray()) {
                    level[i] = Math.max(level[i], level[input] + (members.contains(input) ? 1 : 0));
                }
            }
            sum += color.stream().map(member -> level[member]).distinct().count();
        }
        return sum;
    }

    // -------------------------------------------------------------------------------------------------- the graphs

    static List<Tensor> outputs(Net net, DType type, long seed) {
        return new Unrolled(type, RandomKey.of(seed)).outputs(net);
    }

    /** A graph in the making. */
    private static final class Unrolled {
        private final RandomKey key;
        private final DType type;
        private final List<Parameter> squares = new ArrayList<>();
        private final List<Parameter> tall = new ArrayList<>();
        private final List<Parameter> biases = new ArrayList<>();
        private final Parameter table;
        private final List<Tensor> data = new ArrayList<>();
        private final List<Tensor> indices = new ArrayList<>();
        private int drawn;

        Unrolled(DType type, RandomKey key) {
            this.type = type;
            this.key = key;
            for (int i = 0; i < 4; i++) {
                squares.add(Parameter.of(integers(1.9, WIDTH, WIDTH)));
                tall.add(Parameter.of(integers(1.9, 2 * WIDTH, WIDTH)));
                biases.add(Parameter.of(integers(2.9, WIDTH)));
            }
            this.table = Parameter.of(integers(2.9, 5, WIDTH));
        }

        private NDArray integers(double below, int... shape) {
            return key.fold(drawn++)
                    .uniform(-below, below, DType.F64, Shape.of(shape))
                    .cast(DType.I32)
                    .cast(type);
        }

        List<Tensor> outputs(Net net) {
            List<Tensor> pool = new ArrayList<>();
            Tensor h = Tensor.of(integers(1.9, ROWS, WIDTH));
            Tensor before = h;
            for (int t = 0; t < net.steps; t++) {
                Tensor x = Tensor.of(integers(2.9, ROWS, WIDTH));
                Tensor at = Tensor.of(key.fold(drawn++)
                        .uniform(0, 4.99, DType.F64, Shape.of(ROWS))
                        .cast(DType.I32));
                data.add(x);
                indices.add(at);
                List<Tensor> made = new ArrayList<>(List.of(table.gather(at), before, x, h));
                for (Gene gene : net.body) {
                    int turn = t == net.odd ? 1 : 0;
                    made.add(operation(gene, made, turn));
                }
                before = h;
                h = made.getLast();
                pool.addAll(made.subList(2, made.size()));
            }
            for (Gene gene : net.after) {
                pool.add(operation(gene, pool, 0));
            }
            return ends(pool, h);
        }

        private List<Tensor> ends(List<Tensor> pool, Tensor h) {
            List<Tensor> readouts = new ArrayList<>();
            for (int i = 0; i < pool.size(); i += 2) {
                readouts.add(
                        pool.get(i).matmul(squares.get(3)).plus(biases.get(3)).sum());
            }
            readouts.add(pool.getLast().sum());
            Gradients gradients = Gradients.of(Tensor.sum(readouts));
            List<Tensor> outputs = new ArrayList<>(List.of(h, pool.getLast(), gradients.wrt(table)));
            squares.forEach(parameter -> outputs.add(gradients.wrt(parameter)));
            tall.forEach(parameter -> outputs.add(gradients.wrt(parameter)));
            biases.forEach(parameter -> outputs.add(gradients.wrt(parameter)));
            data.forEach(x -> outputs.add(gradients.wrt(x)));
            return outputs;
        }

        private Tensor operation(Gene gene, List<Tensor> made, int turn) {
            Tensor a = made.get(made.size() - 1 - (gene.left + turn) % made.size());
            Tensor b = made.get(made.size() - 1 - gene.right % made.size());
            return operation(gene.operation, a, b, (gene.parameter + turn) % 4, made)
                    .minimum(2)
                    .maximum(-2);
        }

        private Tensor operation(int number, Tensor a, Tensor b, int at, List<Tensor> made) {
            Parameter w = squares.get(at);
            Parameter u = squares.get((at + 1) % 4);
            Parameter bias = biases.get(at);
            return switch (number) {
                case 0 -> a.matmul(w);
                case 1 -> a.matmul(w).plus(b.matmul(u));
                case 2 -> a.matmul(w).plus(b.matmul(u)).plus(bias);
                case 3 -> gate(a, b, at).times(gate(a, b, (at + 1) % 4));
                case 4 -> a.times(b);
                case 5 -> a.plus(b);
                case 6 -> a.relu().minus(b);
                case 7 -> Tensor.sum(List.of(a.matmul(w), b.matmul(u), a.matmul(u)));
                case 8 -> Tensor.concat(1, List.of(a, b)).matmul(tall.get(at));
                case 9 -> Tensor.concat(0, List.of(a, b)).slice(0, 1, 1 + ROWS);
                case 10 -> a.matmul(w.transpose()).plus(bias);
                case 11 -> Tensor.where(a.lessThan(b), a, b.negate());
                case 12 -> a.minus(a).softmax(1).plus(b);
                case 13 -> Tensor.sum(List.of(a, b, made.get(at % made.size())));
                case 14 -> Tensor.concat(1, List.of(a.slice(1, 2, WIDTH), b.slice(1, 0, 2)));
                case 15 -> a.matmul(b.transpose()).matmul(b);
                case 16 -> table.gather(indices.get(at % indices.size())).plus(a);
                case 17 -> a.sum(true, 0).plus(b.sum(true, 0)).plus(a);
                case 18 -> joined(a, b, at);
                case 19 -> rows(a, b, at);
                case 20 -> a.matmul(w).plus(b.matmul(w)).plus(bias);
                default -> a.plus(bias).times(b.plus(bias));
            };
        }

        private Tensor gate(Tensor a, Tensor b, int at) {
            return a.matmul(squares.get(at))
                    .plus(b.matmul(squares.get((at + 2) % 4)))
                    .plus(biases.get(at))
                    .minimum(1)
                    .maximum(-1);
        }

        /** Several steps' rows at once, and one of them again. */
        private Tensor joined(Tensor a, Tensor b, int at) {
            Tensor all = Tensor.concat(0, List.of(a, b, a)).matmul(squares.get(at));
            return all.slice(0, ROWS, 2 * ROWS).plus(all.slice(0, 0, ROWS));
        }

        /** Sums of rows of what is also joined by columns. */
        private Tensor rows(Tensor a, Tensor b, int at) {
            Tensor sums = a.sum(true, 0).plus(b.sum(true, 0));
            Tensor both = Tensor.concat(1, List.of(a, at % 2 == 0 ? b : sums.plus(b)));
            return both.matmul(tall.get(at)).plus(sums);
        }
    }
}
