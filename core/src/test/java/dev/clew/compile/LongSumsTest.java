package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
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
        for (Draft.Form form : Draft.Form.values()) {
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

    // ------------------------------------------------------------------------------------------------------- budget

    /** Sums over 960 rows, made in phases of 16 rows a step. */
    @Test
    void sumsGoOnFromPhaseToPhaseWithTheSameBits() {
        SplittableRandom random = new SplittableRandom(11);
        Parameter weights = parameter(random, 24, 24);
        Parameter bias = parameter(random, 24);
        Tensor state = Tensor.of(NDArray.full(0, DType.F32, Shape.of(16, 24)));
        List<Tensor> losses = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            state = Tensor.of(vector(DType.F32, 16 * 24, i -> random.nextDouble(-1, 1))
                            .reshape(Shape.of(16, 24)))
                    .plus(state.matmul(weights))
                    .plus(bias)
                    .tanh();
            losses.add(state.square().sum());
        }
        Tensor loss = Tensor.sum(losses);
        Gradients gradients = Gradients.of(loss);
        List<Tensor> outputs = List.of(loss, gradients.wrt(weights), gradients.wrt(bias));
        Plan whole = Plan.compile(outputs);
        List<String> expected = BitsTest.bits(whole.run(Map.of()));
        assertThat(BitsTest.bits(whole.run(Map.of()))).isEqualTo(expected);
        for (double part : new double[] {0.9, 0.8}) {
            Plan within = Plan.compileWithin((long) (whole.bytes() * part), outputs, Map.of());
            assertThat(BitsTest.bits(within.run(Map.of())))
                    .as("%s of the bytes", part)
                    .isEqualTo(expected);
        }
    }

    private static Parameter parameter(SplittableRandom random, int... lengths) {
        Shape shape = Shape.of(lengths);
        return Parameter.of(vector(DType.F32, shape.elements(), i -> random.nextDouble(-0.3, 0.3))
                .reshape(shape));
    }
}
