package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Sums of very many terms stay near the exact ones, with the same bits in every form. */
final class LongSumsTest {

    private static double epsilon(DType type) {
        return type == DType.F32 ? 0x1p-24 : 0x1p-53;
    }

    /** A vector of numbers that are already of its type. */
    static NDArray vector(DType type, int length, IntToDoubleFunction number) {
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = type == DType.F32 ? (float) number.applyAsDouble(i) : number.applyAsDouble(i);
        }
        return NDArray.of(Shape.of(length), numbers).cast(type);
    }

    /** A number whose size lies anywhere in 2⁻¹⁰ to 2¹⁰, of either sign. */
    static double wide(SplittableRandom random) {
        return random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-10, 11));
    }

    /** Values in the walk, and in a plan of each form, which must be the same. */
    static double[] everywhere(Tensor tensor) {
        List<Tensor> outputs = List.of(tensor);
        List<NDArray> walk = Evaluator.plain().evaluate(outputs);
        Capture capture = Capture.of(outputs);
        for (RecordDraft.Form form : RecordDraft.Form.values()) {
            List<NDArray> plan =
                    Poisoned.run(Compiler.compile(capture.program(), Compiler.ALL), capture.numbers(), form);
            assertThat(BitsTest.bits(plan)).as("%s", form).isEqualTo(BitsTest.bits(walk));
        }
        return walk.getFirst().toDoubles();
    }

    /** How far a sum is from that of these terms, in units of ε·Σ|x|. */
    static double error(DType type, double sum, double[] terms) {
        BigDecimal exact = BigDecimal.ZERO;
        BigDecimal size = BigDecimal.ZERO;
        for (double term : terms) {
            exact = exact.add(new BigDecimal(term));
            size = size.add(new BigDecimal(term).abs());
        }
        double off = exact.subtract(new BigDecimal(sum)).abs().doubleValue();
        return off / (epsilon(type) * size.doubleValue());
    }

    static double log2(double n) {
        return Math.log(n) / Math.log(2);
    }

    // --------------------------------------------------------------------------------------------------------- rows

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void aSumIsWithinItsBound(
            @ForAll @IntRange(min = 1, max = 40) int blocks,
            @ForAll @IntRange(min = -1, max = 1) int beside,
            @ForAll boolean single,
            @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        SplittableRandom random = new SplittableRandom(seed);
        NDArray x = vector(type, blocks * 256 + beside, i -> wide(random));
        double sum = everywhere(Tensor.of(x).sum())[0];
        assertThat(error(type, sum, x.toDoubles()))
                .isLessThanOrEqualTo(log2(x.shape().elements()) + 16);
    }

    @Test
    void tenMillionTenthsAreWithinTheBound() {
        double exact = 10_000_000 * (double) 0.1f;
        double sum = Tensor.of(NDArray.full(0.1, DType.F32, Shape.of(10_000_000)))
                .sum()
                .item();
        assertThat(Math.abs(sum - exact) / exact).isLessThan((log2(10_000_000) + 16) * 0x1p-24);
    }

    @Test
    void twentyMillionOnesAreTwentyMillion() {
        assertThat(Tensor.of(NDArray.full(1, DType.F32, Shape.of(20_000_000)))
                        .sum()
                        .item())
                .isEqualTo(20_000_000);
    }

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void aConstantHasNoVariance(
            @ForAll @IntRange(min = 1, max = 3000) int length, @ForAll boolean single, @ForAll long seed) {
        double constant = wide(new SplittableRandom(seed));
        NDArray x = vector(single ? DType.F32 : DType.F64, length, i -> constant);
        assertThat(everywhere(Tensor.of(x).variance())).containsExactly(0);
    }

    // ----------------------------------------------------------------------------------------------------- products

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aProductIsWithinItsBound(
            @ForAll @IntRange(min = 1, max = 12) int blocks,
            @ForAll @IntRange(min = -1, max = 1) int beside,
            @ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll boolean single,
            @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        int k = blocks * 256 + beside;
        SplittableRandom random = new SplittableRandom(seed);
        NDArray a = vector(type, rows * k, i -> wide(random)).reshape(Shape.of(rows, k));
        NDArray b = vector(type, k * columns, i -> wide(random)).reshape(Shape.of(k, columns));
        double[] products = everywhere(Tensor.of(a).matmul(Tensor.of(b)));
        double[] left = a.toDoubles();
        double[] right = b.toDoubles();
        int row = random.nextInt(rows);
        int column = random.nextInt(columns);
        BigDecimal exact = BigDecimal.ZERO;
        BigDecimal size = BigDecimal.ZERO;
        for (int p = 0; p < k; p++) {
            BigDecimal term = new BigDecimal(left[row * k + p]).multiply(new BigDecimal(right[p * columns + column]));
            exact = exact.add(term);
            size = size.add(term.abs());
        }
        double off = exact.subtract(new BigDecimal(products[row * columns + column]))
                .abs()
                .doubleValue();
        assertThat(off / (epsilon(type) * size.doubleValue())).isLessThanOrEqualTo(256 + k / 256.0);
    }

    @Test
    void manyTenthsByAProductAreWithinItsBound() {
        Tensor tenths = Tensor.of(NDArray.full(0.1, DType.F32, Shape.of(65_536)));
        Tensor ones = Tensor.of(NDArray.full(1, DType.F32, Shape.of(65_536)));
        double exact = 65_536 * (double) 0.1f;
        assertThat(Math.abs(everywhere(tenths.dot(ones))[0] - exact) / exact).isLessThan(512 * 0x1p-24);
    }

    /** The gradient of a parameter that many steps share: one product in a plan, the sum of many in the walk. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void theGradientOfASharedParameterIsWithinTheBoundOfItsProduct(
            @ForAll @IntRange(min = 2, max = 90) int steps,
            @ForAll @IntRange(min = 1, max = 9) int batch,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Parameter weights = parameter(random, 3, 2);
        List<Tensor> losses = new ArrayList<>();
        double[] terms = new double[steps * batch];
        for (int step = 0; step < steps; step++) {
            NDArray x = vector(DType.F32, batch * 3, _ -> wide(random)).reshape(Shape.of(batch, 3));
            NDArray slope = vector(DType.F32, batch * 2, _ -> wide(random)).reshape(Shape.of(batch, 2));
            losses.add(Tensor.of(x).matmul(weights).times(Tensor.of(slope)).sum());
            for (int row = 0; row < batch; row++) { // Exact: of two f32 numbers.
                terms[step * batch + row] = x.toDoubles()[row * 3 + 2] * slope.toDoubles()[row * 2 + 1];
            }
        }
        Tensor gradient = Gradients.of(Tensor.sum(losses)).wrt(weights);
        double bound = 256 + terms.length / 256.0;
        double planned = gradient.value().toDoubles()[5];
        double walked = Evaluator.plain().evaluate(List.of(gradient)).getFirst().toDoubles()[5];
        assertThat(error(DType.F32, planned, terms)).isLessThanOrEqualTo(bound);
        assertThat(error(DType.F32, walked, terms)).isLessThanOrEqualTo(bound);
    }

    @Test
    void aProductThatIsAddedIsAddedWhole() {
        SplittableRandom random = new SplittableRandom(3);
        Tensor a = Tensor.of(vector(DType.F32, 9 * 300, i -> wide(random)).reshape(Shape.of(9, 300)));
        Tensor b = Tensor.of(vector(DType.F32, 300 * 21, i -> wide(random)).reshape(Shape.of(300, 21)));
        Tensor c = Tensor.of(vector(DType.F32, 9 * 21, i -> wide(random)).reshape(Shape.of(9, 21)));
        double[] product = a.matmul(b).value().toDoubles();
        double[] sums = everywhere(c.tanh().plus(a.matmul(b)));
        double[] squashed = c.tanh().value().toDoubles();
        for (int i = 0; i < sums.length; i++) {
            assertThat(sums[i]).isEqualTo((double) (float) (squashed[i] + product[i]));
        }
    }

    // ----------------------------------------------------------------------------------------------------- scatters

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aScatterIsWithinItsBound(
            @ForAll @IntRange(min = 1, max = 12) int blocks,
            @ForAll @IntRange(min = -1, max = 1) int beside,
            @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 30) int rows,
            @ForAll boolean single,
            @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        int count = blocks * 256 + beside;
        SplittableRandom random = new SplittableRandom(seed);
        NDArray x = vector(type, count * width, i -> wide(random)).reshape(Shape.of(count, width));
        int[] indices = random.ints(count, 0, rows).toArray();
        Tensor zeros = Tensor.of(NDArray.full(0, type, Shape.of(rows, width)));
        double[] sums = everywhere(zeros.scatterAdd(Tensor.of(NDArray.of(Shape.of(count), indices)), Tensor.of(x)));
        double[] numbers = x.toDoubles();
        int row = indices[0];
        int column = random.nextInt(width);
        double[] terms = IntStream.range(0, count)
                .filter(i -> indices[i] == row)
                .mapToDouble(i -> numbers[i * width + column])
                .toArray();
        assertThat(error(type, sums[row * width + column], terms)).isLessThanOrEqualTo(256 + count / 256.0);
    }

    @Test
    void theGradientOfARowThatIsReadVeryOftenIsWithinItsBound() {
        Tensor table = Tensor.of(NDArray.full(0, DType.F32, Shape.of(3, 2)));
        Tensor indices = Tensor.of(NDArray.of(Shape.of(200_000), new int[200_000]));
        Tensor loss = table.gather(indices).times(Tensor.of(0.1f)).sum();
        double[] gradient = everywhere(Gradients.of(loss).wrt(table));
        double exact = 200_000 * (double) 0.1f;
        assertThat(Math.abs(gradient[0] - exact) / exact).isLessThan((256 + 200_000 / 256.0) * 0x1p-24);
        assertThat(gradient[2]).isZero();
    }

    // ------------------------------------------------------------------------------------------------------- budget

    /**
     * Products, sums of rows and additions by index over 960 rows, made in phases of a few steps, which end within blocks of 256: of
     * 1 to 24 rows a step, so that sums stay within one block, end in one, or take several.
     */
    @Test
    void sumsGoOnFromPhaseToPhaseWithTheSameBits() {
        for (int rows : new int[] {1, 16, 24}) {
            SplittableRandom random = new SplittableRandom(rows);
            List<Tensor> outputs = recurrent(random, rows, 40, 5);
            CompiledProgram whole = Compiler.compile(Capture.of(outputs).program(), Compiler.ALL);
            List<String> expected = run(whole, outputs);
            for (int segments : new int[] {2, 5, 16}) {
                CompiledProgram within = Budget.inSegments(Capture.of(outputs).program(), segments, 1, 0);
                assertThat(run(within, outputs))
                        .as("%s rows in %s segments", rows, segments)
                        .isEqualTo(expected);
            }
        }
    }

    /** What an open block is made of waits where that is less than a sum of its own: a table of many rows. */
    @Test
    void longTablesGoOnFromPhaseToPhaseWithTheSameBits() {
        List<Tensor> outputs = recurrent(new SplittableRandom(5), 16, 40, 700);
        List<String> expected = run(Compiler.compile(Capture.of(outputs).program(), Compiler.ALL), outputs);
        CompiledProgram within = Budget.inSegments(Capture.of(outputs).program(), 7, 1, 0);
        assertThat(run(within, outputs)).isEqualTo(expected);
    }

    private static List<String> run(CompiledProgram code, List<Tensor> outputs) {
        return BitsTest.bits(Poisoned.run(code, Capture.of(outputs).numbers(), RecordDraft.Form.PLAIN));
    }

    /** A loss and its gradients: of a table whose rows are read, of a product and of a bias. */
    private static List<Tensor> recurrent(SplittableRandom random, int rows, int steps, int words) {
        int units = 12;
        Parameter table = parameter(random, words, units);
        Parameter weights = parameter(random, units, units);
        Parameter bias = parameter(random, units);
        Tensor state = Tensor.of(NDArray.full(0, DType.F32, Shape.of(rows, units)));
        List<Tensor> losses = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int[] indices = random.ints(rows, 0, words).toArray();
            Tensor chosen = table.gather(Tensor.of(NDArray.of(Shape.of(rows), indices)));
            state = chosen.plus(state.matmul(weights)).plus(bias).tanh();
            losses.add(state.square().sum());
        }
        Tensor loss = Tensor.sum(losses);
        Gradients gradients = Gradients.of(loss);
        return List.of(loss, gradients.wrt(table), gradients.wrt(weights), gradients.wrt(bias));
    }

    private static Parameter parameter(SplittableRandom random, int... lengths) {
        Shape shape = Shape.of(lengths);
        return Parameter.of(vector(DType.F32, shape.elements(), i -> random.nextDouble(-0.3, 0.3))
                .reshape(shape));
    }
}
