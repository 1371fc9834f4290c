package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InitializerTest {
    private static final RandomKey KEY = RandomKey.of(5);
    private static final Shape MANY = Shape.of(100, 400);

    private static final List<Initializer> ALL = List.of(
            Initializer.uniform(-1, 3),
            Initializer.normal(2, 0.5),
            Initializer.zeros(),
            Initializer.inverseSquareRoot(9),
            Initializer.xavierUniform(),
            Initializer.xavierNormal(),
            Initializer.kaimingUniform(),
            Initializer.kaimingNormal(),
            Initializer.orthogonal(1),
            Initializer.ring(0.5, 0.9));

    @Test
    void sameKeyGivesTheSameNumbersAndTheRightTypeAndShape() {
        for (Initializer initializer : ALL) {
            for (DType dtype : List.of(DType.F64, DType.F32)) {
                NDArray numbers = initializer.create(KEY, dtype, Shape.of(7, 11));
                assertThat(numbers.dtype()).isEqualTo(dtype);
                assertThat(numbers.shape()).isEqualTo(Shape.of(7, 11));
                assertThat(initializer.create(RandomKey.of(5), dtype, Shape.of(7, 11)))
                        .isEqualTo(numbers);
            }
        }
    }

    @Test
    void anotherKeyGivesOtherNumbersExceptForZeros() {
        for (Initializer initializer : ALL) {
            NDArray numbers = initializer.create(KEY, DType.F64, Shape.of(7, 11));
            boolean same =
                    initializer.create(KEY.fold(1), DType.F64, Shape.of(7, 11)).equals(numbers);
            assertThat(same).isEqualTo(numbers.get(0, 0) == 0);
        }
    }

    @Test
    void singlePrecisionIsTheSameNumbersRounded() {
        for (Initializer initializer : ALL) {
            assertThat(initializer.create(KEY, DType.F32, Shape.of(7, 11)))
                    .isEqualTo(
                            initializer.create(KEY, DType.F64, Shape.of(7, 11)).cast(DType.F32));
        }
    }

    @Test
    void zerosAreZeros() {
        assertThat(Initializer.zeros().create(KEY, DType.F32, Shape.of(2)).toDoubles())
                .containsExactly(0.0, 0.0);
    }

    @Test
    void uniformStaysWithinItsBoundsAndFillsThem() {
        double[] numbers = numbers(Initializer.uniform(-1, 3), MANY);
        hasBounds(numbers, -1, 3);
        hasMoments(numbers, 1, 4 / Math.sqrt(12));
    }

    @Test
    void normalHasItsMeanAndDeviation() {
        double[] numbers = numbers(Initializer.normal(2, 0.5), MANY);
        hasMoments(numbers, 2, 0.5);
        double within =
                Arrays.stream(numbers).filter(x -> Math.abs(x - 2) < 0.5).count();
        assertThat(within / numbers.length).isCloseTo(0.6827, within(0.01));
    }

    @Property(tries = 50)
    void inverseSquareRootIsBoundByItsUnits(@ForAll @IntRange(min = 1, max = 1000) int units) {
        double bound = 1 / Math.sqrt(units);
        double[] sizes = Arrays.stream(numbers(Initializer.inverseSquareRoot(units), Shape.of(50)))
                .map(Math::abs)
                .toArray();
        assertThat(Arrays.stream(sizes).max().orElseThrow()).isBetween(bound / 2, bound);
    }

    @Test
    void inverseSquareRootOfNoUnitsIsAnError() {
        assertThatThrownBy(() -> Initializer.inverseSquareRoot(0))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("initializer ±1/√units: units is 0, it must be at least 1");
    }

    @Test
    void aLayerRefusesNumbersThatItDidNotAskItsInitializerFor() {
        Initializer alwaysOne = (key, dtype, shape) -> NDArray.of(new double[1][1]);
        assertThatThrownBy(() -> Linear.create(1, 2, DType.F64, alwaysOne, KEY))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("linear layer: its initializer gave (1, 1) f64 where (1, 2) f64 was asked for");
        assertThatThrownBy(() -> RnnCell.create(1, 1, DType.F32, alwaysOne, KEY))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("RNN cell: its initializer gave (1, 1) f64 where (1, 1) f32 was asked for");
    }

    @Test
    void xavierHasTheBoundOrVarianceOfItsFans() {
        double bound = Math.sqrt(6.0 / 500);
        hasBounds(numbers(Initializer.xavierUniform(), MANY), -bound, bound);
        hasMoments(numbers(Initializer.xavierUniform(), MANY), 0, Math.sqrt(2.0 / 500));
        hasMoments(numbers(Initializer.xavierNormal(), MANY), 0, Math.sqrt(2.0 / 500));
    }

    @Test
    void xavierOfAnythingButAMatrixIsAnErrorThatSaysWhatToGiveTheBias() {
        for (Initializer xavier : List.of(Initializer.xavierUniform(), Initializer.xavierNormal())) {
            for (Shape shape : List.of(Shape.of(3), Shape.of(2, 3, 4), Shape.of(0, 3), Shape.SCALAR)) {
                assertThatThrownBy(() -> xavier.create(KEY, DType.F64, shape))
                        .isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "Xavier initializer of shape " + shape
                                        + ": it is defined for a matrix (inputs, outputs) that is not empty; a bias begins with"
                                        + " another one, as in create(..., Initializer.xavierUniform(), Initializer.zeros(), key)");
            }
        }
    }

    @Test
    void layersBeginWithXavierAndABiasOfZeros() {
        Linear linear = Linear.create(300, 500, DType.F32, Initializer.xavierUniform(), Initializer.zeros(), KEY);
        double bound = Math.sqrt(6.0 / 800);
        hasBounds(linear.weight().value().toDoubles(), -bound, bound);
        assertThat(linear.bias().value()).isEqualTo(NDArray.full(0, DType.F32, Shape.of(500)));

        RnnCell cell = RnnCell.create(100, 300, DType.F64, Initializer.xavierNormal(), Initializer.zeros(), KEY);
        hasMoments(cell.wx().value().toDoubles(), 0, Math.sqrt(2.0 / 400));
        hasMoments(cell.wh().value().toDoubles(), 0, Math.sqrt(2.0 / 600));
        assertThat(cell.b().value()).isEqualTo(NDArray.full(0, DType.F64, Shape.of(300)));
    }

    @Test
    void layersBeginWithinOneOverTheRootOfWhatTheySumOver() {
        Linear linear = Linear.create(400, 100, KEY);
        hasBounds(linear.weight().value().toDoubles(), -0.05, 0.05);
        assertThat(Arrays.stream(linear.bias().value().toDoubles())).allMatch(x -> Math.abs(x) <= 0.05);
        RnnCell cell = RnnCell.create(100, 400, KEY);
        hasBounds(cell.wx().value().toDoubles(), -0.05, 0.05);
        hasBounds(cell.wh().value().toDoubles(), -0.05, 0.05);
        assertThat(Arrays.stream(cell.b().value().toDoubles())).allMatch(x -> Math.abs(x) <= 0.05);
        assertThat(linear.weight().dtype()).isEqualTo(DType.F64);
    }

    private static double[] numbers(Initializer initializer, Shape shape) {
        return initializer.create(KEY, DType.F64, shape).toDoubles();
    }

    /** Within bounds, and so close to both that they are no wider than they need be. */
    private static void hasBounds(double[] numbers, double low, double high) {
        double edge = (high - low) / 1000;
        assertThat(Arrays.stream(numbers).min().orElseThrow()).isBetween(low, low + edge);
        assertThat(Arrays.stream(numbers).max().orElseThrow()).isBetween(high - edge, high);
    }

    private static void hasMoments(double[] numbers, double mean, double deviation) {
        double m = Arrays.stream(numbers).average().orElseThrow();
        double squares = Arrays.stream(numbers).map(x -> (x - m) * (x - m)).sum();
        assertThat(m).isCloseTo(mean, within(5 * deviation / Math.sqrt(numbers.length)));
        assertThat(Math.sqrt(squares / numbers.length)).isCloseTo(deviation, within(0.02 * deviation));
    }

    @Test
    void kaimingHasVarianceTwoOverInputs() {
        for (Initializer each : List.of(Initializer.kaimingNormal(), Initializer.kaimingUniform())) {
            double[] numbers = each.create(KEY, DType.F64, MANY).toDoubles();
            double squares = Arrays.stream(numbers).map(x -> x * x).sum() / numbers.length;
            assertThat(squares).isCloseTo(2.0 / 100, within(0.0005));
        }
        double bound = Math.sqrt(6.0 / 100);
        assertThat(Arrays.stream(Initializer.kaimingUniform()
                                .create(KEY, DType.F64, MANY)
                                .toDoubles())
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isBetween(0.99 * bound, bound);
    }

    @Property(tries = 30)
    void orthogonalVectorsAreOrthonormalTimesTheGain(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed) {
        double[][] q = Initializer.orthogonal(2)
                .create(RandomKey.of(seed), DType.F64, Shape.of(rows, columns))
                .toRows();
        boolean isWide = columns >= rows;
        int count = Math.min(rows, columns);
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double sum = 0;
                for (int k = 0; k < Math.max(rows, columns); k++) {
                    sum += isWide ? q[a][k] * q[b][k] : q[k][a] * q[k][b];
                }
                assertThat(sum).isCloseTo(a == b ? 4 : 0, within(1e-13));
            }
        }
    }

    @Test
    void identityIsTheGainOnTheDiagonal() {
        assertThat(Initializer.identity(0.5).create(KEY, DType.F32, Shape.of(2, 3)))
                .isEqualTo(NDArray.of(new float[][] {{0.5f, 0, 0}, {0, 0.5f, 0}}));
    }

    @Test
    void ringIsEvenBetweenItsRadii() {
        double[] nu = Initializer.ring(0.5, 0.9).create(KEY, DType.F64, MANY).toDoubles();
        int inHalf = 0;
        for (double each : nu) {
            double modulus = Math.exp(-Math.exp(each));
            assertThat(modulus).isBetween(0.5 - 1e-12, 0.9 + 1e-12);
            inHalf += modulus * modulus < (0.25 + 0.81) / 2 ? 1 : 0;
        }
        assertThat(inHalf / (double) nu.length).isCloseTo(0.5, within(0.01));
        assertThatThrownBy(() -> Initializer.ring(0.9, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("initializer of a ring from 0.9 to 0.5: the radii must be at least 0 and below 1, the inner"
                        + " below the outer");
    }
}
