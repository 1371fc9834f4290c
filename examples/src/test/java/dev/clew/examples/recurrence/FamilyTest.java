package dev.clew.examples.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientAssert;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every family: gradients are those by differences, types stay, and nothing leaves the range of numbers. */
class FamilyTest {
    /** Of leaky neurons the differences are those of the surrogate, moved to the value of the step. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void gradientsOfOrdersOneAndTwoAreThoseByDifferences(Family family) {
        assertRight(family.create(2, family == Family.TEST_TIME_TRAINING ? 3 : 2, DType.F64, RandomKey.of(4)));
    }

    private static <S> void assertRight(Cell<S> cell) {
        Map<String, Parameter> parameters = Parameters.named(cell);
        NDArray x = RandomKey.of(5).normal(0, 1, DType.F64, Shape.of(2, 3, 2));
        Tensor loss = Run.of(cell, Tensor.of(x), 3, 2).outputs().square().sum();
        GradientAssert.assertThat(GradientCheck.of(loss, parameters)).isRight();
        Tensor alone = Run.of(cell, Tensor.of(x.rows(0, 1))).outputs().square().sum();
        Gradients first = Gradients.of(alone);
        List<Tensor> terms = parameters.values().stream()
                .map(each -> first.wrt(each).tanh().sum())
                .toList();
        GradientAssert.assertThat(
                        GradientCheck.of(Tensor.sum(terms), parameters).withDirections(3))
                .isRight();
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void theTypeOfTheParametersIsThatOfAll(Family family) {
        double[] single = flat(run(family.create(3, 4, DType.F32, RandomKey.of(1)), DType.F32, 1));
        double[] exact = flat(run(family.create(3, 4, DType.F64, RandomKey.of(1)), DType.F64, 1));
        double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(single[i] - exact[i])).isLessThan(2e-5 * Math.max(1, largest));
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void inputsThatShutOrOpenEveryGateGiveFiniteNumbers(Family family) {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            for (double size : new double[] {30, 1000, 30_000}) {
                for (double each : flat(run(family.create(3, 4, dtype, RandomKey.of(1)), dtype, size))) {
                    assertThat(each).as("%s, inputs of %s", dtype, size).isFinite();
                }
            }
        }
    }

    /** Outputs and all gradients, of a padded batch. */
    private static <S> List<NDArray> run(Cell<S> cell, DType dtype, double size) {
        Parameter x = Parameter.of(
                RandomKey.of(3).normal(0, size, DType.F64, Shape.of(3, 5, 3)).cast(dtype));
        Tensor outputs = Run.of(cell, x, 5, 0, 3).outputs();
        Gradients gradients = Gradients.of(outputs.sum());
        List<Tensor> wanted = new ArrayList<>(List.of(outputs, gradients.wrt(x)));
        Parameters.named(cell).values().forEach(each -> wanted.add(gradients.wrt(each)));
        List<NDArray> found = Tensor.values(wanted);
        assertThat(found).allMatch(each -> each.dtype() == dtype);
        return found;
    }

    private static double[] flat(List<NDArray> arrays) {
        return arrays.stream()
                .flatMapToDouble(each -> Arrays.stream(each.toDoubles()))
                .toArray();
    }
}
