package dev.clew.examples;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.data.Sequences;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomCellTest {
    private static final RandomKey KEY = RandomKey.of(8);
    private static final int UNITS = 3;

    private final CustomCell.Network network = CustomCell.Network.create(UNITS, DType.F64, KEY);

    @Test
    void aStepIsItsEquations() {
        SurpriseCell cell = network.cell();
        double[] x = {0.5, -2};
        double[] h = {0.1, -0.4, 0.9};
        double[] m = {-0.3, 0.6, 0.2};
        SurpriseCell.State next =
                cell.step(row(x), new SurpriseCell.State(row(h), row(m))).state();
        for (int i = 0; i < UNITS; i++) {
            double sum = at(cell.b(), i);
            for (int j = 0; j < 2; j++) {
                sum += x[j] * cell.wx().value().get(j, i);
            }
            for (int j = 0; j < UNITS; j++) {
                sum += h[j] * cell.wh().value().get(j, i)
                        + m[j] * cell.wm().value().get(j, i);
            }
            double fast = Math.tanh(sum);
            double e = fast - m[i];
            double written = 1 / (1 + Math.exp(-at(cell.bias(), i) - at(cell.gain(), i) * e * e));
            assertThat(next.h().value().get(0, i)).isCloseTo(fast, within(1e-14));
            assertThat(next.m().value().get(0, i)).isCloseTo(m[i] + written * e, within(1e-14));
        }
    }

    private static double at(Parameter parameter, int i) {
        return parameter.value().get(i);
    }

    private static Tensor row(double... numbers) {
        return Tensor.of(new double[][] {numbers});
    }

    @Test
    void itsGradientIsRightInABatchOfTwoLengths() {
        Sequences.Batch batch = inDoubles(
                Sequences.of(List.of(CustomCell.sequence(KEY.fold(1), 4, 2), CustomCell.sequence(KEY.fold(2), 6, 1)))
                        .withLengths(1)
                        .batches(3, KEY, 0)
                        .getFirst());
        assertThat(GradientCheck.of(network.loss(batch, network.over(batch)), Parameters.named(network)))
                .isRight();
    }

    private static Sequences.Batch inDoubles(Sequences.Batch batch) {
        return new Sequences.Batch(
                Tensor.of(batch.x().value().cast(DType.F64)), batch.lengths(), batch.sequences(), batch.y());
    }

    /** The product with the Hessian is compared with differences of gradients along them. */
    @Test
    void theCurvatureIsThatOfDifferencesOfGradients() {
        Sequences.Batch batch = inDoubles(CustomCell.batch(CustomCell.sequence(KEY, 8, 3)));
        GradientsInTime inTime = GradientsInTime.of(network, batch);
        Parameter wm = network.cell().wm();
        NDArray before = wm.value();
        double[] g = gradient(batch, wm);
        double epsilon = 1e-4;
        wm.set(moved(before, g, epsilon));
        double[] ahead = gradient(batch, wm);
        wm.set(moved(before, g, -epsilon));
        double[] back = gradient(batch, wm);
        double bent = 0;
        double square = 0;
        for (int i = 0; i < g.length; i++) {
            bent += g[i] * (ahead[i] - back[i]) / (2 * epsilon);
            square += g[i] * g[i];
        }
        assertThat(inTime.curvature()).isCloseTo(bent / square, within(1e-6 * Math.abs(bent / square)));
    }

    private double[] gradient(Sequences.Batch batch, Parameter parameter) {
        return Gradients.of(network.loss(batch, network.over(batch)))
                .wrt(parameter)
                .value()
                .toDoubles();
    }

    private static NDArray moved(NDArray from, double[] along, double by) {
        double[] numbers = from.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += by * along[i];
        }
        return NDArray.of(from.shape(), numbers);
    }

    /** ∂L/∂m after the last step is 2·(score − number)·weight of the readout. */
    @Test
    void theLastGradientIsThatOfTheReadout() {
        Sequences.Batch batch = inDoubles(CustomCell.batch(CustomCell.sequence(KEY, 5, 1)));
        GradientsInTime inTime = GradientsInTime.of(network, batch);
        double score = network.head().of(network.over(batch).last().m()).value().item();
        double weights = network.head().weight().norm().value().item();
        double expected = 2 * Math.abs(score - batch.x().value().get(0, 1, 0)) * weights;
        assertThat(inTime.memory().asList()).hasSize(5);
        assertThat(inTime.memory().get(4)).isCloseTo(expected, within(1e-12));
        assertThat(inTime.fast().get(4)).isZero();
        assertThat(inTime.kept(4)).isEqualTo(1);
    }

    @Test
    void aTinyRunDrawsBothPictures() {
        Report report = CustomCell.run("custom-cell", new CustomCell.Sizes(8, 4, 2, 3, 0.01, 1));
        assertThat(report.text().lines().map(String::stripLeading))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("loss "),
                        line -> assertThat(line).isEqualTo("before training"),
                        line -> assertThat(line).startsWith("|dL/dh_t| "),
                        line -> assertThat(line).startsWith("|dL/dm_t| "),
                        line -> assertThat(line).startsWith("curvature "),
                        line -> assertThat(line).isEqualTo("after it"),
                        line -> assertThat(line).startsWith("|dL/dh_t| "),
                        line -> assertThat(line).startsWith("|dL/dm_t| "),
                        line -> assertThat(line).startsWith("curvature "),
                        line -> assertThat(line).isEqualTo("^ the mark"),
                        line -> assertThat(line).endsWith("what is written is kept."));
        assertThat(report.reached()).isFalse();
    }

    @Test
    void theMarkPointsAtItsStep() {
        assertThat(CustomCell.sequence(KEY, 6, 4).shape()).isEqualTo(Shape.of(6, 2));
        assertThat(CustomCell.sequence(KEY, 6, 4).toRows()[4][1]).isEqualTo(1);
    }
}
