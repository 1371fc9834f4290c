package dev.clew.examples.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates far beyond what an exponential can hold change nothing where mathematics says so, and leave all numbers finite. */
class StabilizersTest {
    private static final int UNITS = 4;

    private final RandomKey key = RandomKey.of(3);

    private Parameter x(DType dtype) {
        return Parameter.of(
                key.fold(1).normal(0, 1, DType.F64, Shape.of(2, 6, 3)).cast(dtype));
    }

    /** Adds a number to some elements of a bias. */
    private static void shift(Parameter bias, int from, int to, double by) {
        double[] numbers = bias.value().toDoubles();
        for (int i = from; i < to; i++) {
            numbers[i] += by;
        }
        bias.set(NDArray.of(bias.shape(), numbers).cast(bias.dtype()));
    }

    /** Outputs, and the gradients of x and of all parameters. */
    private static <S> double[] all(Cell<S> cell, Parameter x) {
        Tensor outputs = Run.of(cell, x).outputs();
        Gradients gradients = Gradients.of(outputs.square().sum());
        List<Tensor> wanted = new ArrayList<>(List.of(outputs, gradients.wrt(x)));
        Parameters.named(cell).values().forEach(each -> wanted.add(gradients.wrt(each)));
        double[] found = Tensor.values(wanted).stream()
                .flatMapToDouble(each -> Arrays.stream(each.toDoubles()))
                .toArray();
        for (double each : found) {
            assertThat(each).isFinite();
        }
        return found;
    }

    private static void near(double[] found, double[] expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .as("element %s: %s for %s", i, found[i], expected[i])
                    .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected[i])));
        }
    }

    /** c and n have the same factor, and h is their quotient. */
    @ParameterizedTest
    @ValueSource(doubles = {-512, 512})
    void anSLstmSeesOnlyDifferencesOfInputGates(double by) {
        SLstm cell = SLstm.create(3, UNITS, DType.F64, key);
        double[] plain = all(cell, x(DType.F64));
        shift(cell.in().bias(), 0, UNITS, by);
        near(all(cell, x(DType.F64)), plain, 1e-11);
        SLstm single = SLstm.create(3, UNITS, DType.F32, key);
        shift(single.in().bias(), 0, UNITS, by);
        all(single, x(DType.F32));
    }

    @Test
    void anSLstmThatBeginsAtZeroDividesZeroByZero() {
        SLstm cell = SLstm.create(3, UNITS, DType.F64, key);
        shift(cell.in().bias(), 0, UNITS, -1000);
        Tensor zeros = Tensor.zeros(DType.F64, 2, UNITS);
        SLstm.State atZero = new SLstm.State(zeros, zeros, zeros, zeros);
        assertThat(Run.of(cell, x(DType.F64)).from(atZero).outputs().value().toDoubles())
                .contains(Double.NaN);
        assertThat(Run.of(cell, x(DType.F64)).outputs().value().toDoubles()).doesNotContain(Double.NaN);
    }

    /** What is written is e⁻¹⁰⁰⁰ times as much, and read against 1; or e¹⁰⁰⁰ times, and read against itself. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void anMLstmIsFiniteWithInputGatesOfAnySize(DType dtype) {
        for (double by : new double[] {-1000, 1000}) {
            MLstm cell = MLstm.create(3, UNITS, dtype, key);
            shift(cell.gates().bias(), 0, 1, by);
            double[] found = all(cell, x(dtype));
            assertThat(Arrays.stream(found).allMatch(each -> each == 0)).isEqualTo(by < 0);
        }
    }

    /** f/(f + i) of gates that are both closed depends on their difference alone. */
    @Test
    void aMinLstmWithBothGatesClosedStillMixes() {
        MinLstm cell = MinLstm.create(3, UNITS, DType.F64, key);
        shift(cell.forget().bias(), 0, UNITS, -900);
        shift(cell.input().bias(), 0, UNITS, -900);
        Parameter x = x(DType.F64);
        Tensor first = Tensor.ones(DType.F64, 2, UNITS);
        Tensor kept = cell.forget()
                .of(x.get(1, 0))
                .minus(cell.input().of(x.get(1, 0)))
                .sigmoid();
        Tensor c = MinGru.positive(cell.candidate().of(x.get(1, 0)));
        Tensor expected = c.plus(kept.times(first.minus(c)));
        near(
                cell.step(x.get(1, 0), first).output().value().toDoubles(),
                expected.value().toDoubles(),
                1e-12);
        all(cell, x);
    }

    /** a = 1 − 10⁻⁷ or so: 1 − a² has no right digit in f32, and −expm1(2·ln a) has all. */
    @Test
    void anRgLruKeepsTheDigitsOfWhatItLetsIn() {
        RgLru single = RgLru.create(3, UNITS, DType.F32, key);
        RgLru exact = RgLru.create(3, UNITS, DType.F64, key);
        for (RgLru cell : List.of(single, exact)) {
            shift(cell.recurrenceBias(), 0, UNITS, -14);
        }
        double[] found = Run.of(single, x(DType.F32)).outputs().value().toDoubles();
        double[] expected = Run.of(exact, x(DType.F64)).outputs().value().toDoubles();
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(expected[i])).isLessThan(1e-2);
            assertThat(Math.abs(found[i] - expected[i])).isLessThan(1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void anRgLruThatIsShutHasFiniteGradients(DType dtype) {
        RgLru cell = RgLru.create(3, UNITS, dtype, key);
        shift(cell.recurrenceBias(), 0, UNITS, -1000);
        all(cell, x(dtype));
    }

    /** A key of 0 has no direction: 0/0, if nothing is added to its square. */
    @ParameterizedTest
    @EnumSource(
            value = Family.class,
            names = {"GATED_DELTA_NET", "RWKV_7", "TITANS"})
    void keysOfZeroHaveFiniteGradients(Family family) {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            all(family.create(3, UNITS, dtype, key), Parameter.zeros(dtype, 2, 6, 3));
        }
    }

    @Test
    void anLruWhoseNumbersAreNearlyOfSizeOneIsFinite() {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            Lru cell = Lru.create(3, UNITS, dtype, key);
            shift(cell.modulus(), 0, UNITS, -200);
            all(cell, x(dtype));
        }
    }

    @Test
    void spikesAreZeroOrOneToTheBit() {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            Cell<?> cell = LeakyIntegrateAndFire.create(3, 50, dtype, key);
            Parameter x =
                    Parameter.of(key.normal(0, 2, DType.F64, Shape.of(8, 20, 3)).cast(dtype));
            double[] spikes = Run.of(cell, x).outputs().value().toDoubles();
            double share = Arrays.stream(spikes).sum() / spikes.length;
            assertThat(spikes).containsOnly(0, 1);
            assertThat(share).isBetween(0.1, 0.7);
        }
    }
}
