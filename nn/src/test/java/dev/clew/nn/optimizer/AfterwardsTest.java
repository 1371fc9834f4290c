package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.nn.Parameters;
import dev.clew.nn.Warnings;
import dev.clew.nn.layer.RnnCell;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said to programs that read losses after their steps, and to which nothing is. */
class AfterwardsTest {
    private static final String SUM = "WARNING The value of plus () f64 is computed from the losses of several training"
            + " steps, all with the parameters of now: it is not the sum or mean of what the losses were, and its graph"
            + " grows with every step. Add numbers instead: total += sgd.step(loss).loss();";
    private static final String READING = "INFO The value of times () f64, an output of a training step, is asked for"
            + " after the step, so it is computed again with the new parameters. What it was in the step is at hand:"
            + " var step = sgd.step(loss, other); step.loss(); step.value(other);";
    private static final Tensor X = Tensor.of(new double[][] {{0.5, -1}});

    private final Parameter w = Parameter.of(1.0);
    private final Sgd sgd = Sgd.of(w, 0.25);
    private final RnnCell cell = RnnCell.create(2, 3, RandomKey.of(1));
    private final Sgd ofCell = Sgd.of(cell, 0.01);

    /** (w − i)², made anew. */
    private Tensor loss(int i) {
        return w.minus(i).square().times(1);
    }

    private Tensor cellLoss() {
        return cell.next(X, cell.start(1)).square().mean();
    }

    private static List<String> said(Runnable program) {
        try (Warnings warnings = Warnings.collected("dev.clew.tensor")) {
            program.run();
            return List.copyOf(warnings.messages());
        }
    }

    @Test
    void runningLossKeptAsATensorIsSaidOnce() {
        assertThat(said(() -> {
                    Tensor total = Tensor.of(0.0);
                    double right = 0;
                    for (int i = 0; i < 20; i++) {
                        Tensor loss = loss(i);
                        right += sgd.step(loss).loss();
                        total = total.plus(loss);
                        if (i % 5 == 4) {
                            assertThat(total.item()).isNotCloseTo(right, within(1.0));
                        }
                    }
                }))
                .containsExactly(SUM);
    }

    @Test
    void twoStepsAreEnoughAndSoAreAveragesAndListsOfLosses() {
        assertThat(said(() -> {
                    Tensor first = loss(1);
                    sgd.step(first);
                    Tensor second = loss(2);
                    sgd.step(second);
                    first.plus(second).value();
                }))
                .containsExactly(SUM);
        assertThat(said(() -> {
                    Sgd other = Sgd.of(w, 0.1);
                    List<Tensor> losses = new ArrayList<>();
                    Tensor average = Tensor.of(0.0);
                    for (int i = 0; i < 5; i++) {
                        losses.add(loss(i));
                        average = average.times(0.9).plus(losses.getLast().times(0.1));
                        other.step(losses.getLast());
                    }
                    Tensor.stack(0, losses).mean().item();
                    average.item();
                    Tensor.values(losses);
                }))
                .hasSize(1)
                .first()
                .asString()
                .contains("losses of several training steps");
    }

    /** The error is what is added up, and the loss has a penalty too. */
    @Test
    void sumOfWhatLossesAreMadeOfIsNoticedToo() {
        assertThat(said(() -> {
                    Tensor total = Tensor.of(0.0);
                    for (int i = 0; i < 5; i++) {
                        Tensor error = loss(i);
                        sgd.step(error.plus(w.square().times(0.1)));
                        total = total.plus(error);
                    }
                    total.item();
                }))
                .containsExactly(SUM);
    }

    @Test
    void lossesThatAreReadAfterTheirStepsAreSaidOnce() {
        assertThat(said(() -> {
                    double total = 0;
                    for (int i = 0; i < 10; i++) {
                        Tensor loss = loss(i);
                        sgd.step(loss);
                        total += loss.item();
                    }
                    assertThat(total).isPositive();
                }))
                .containsExactly(READING);
    }

    @Test
    void lossesTakenFromTheirStepsAreRight() {
        assertThat(said(() -> {
                    double total = 0;
                    for (int i = 0; i < 10; i++) {
                        total += sgd.step(loss(i)).loss();
                    }
                    assertThat(total).isPositive();
                }))
                .isEmpty();
    }

    @Test
    void lossesReadBeforeTheirStepsAreRight() {
        assertThat(said(() -> {
                    double total = 0;
                    for (int i = 0; i < 10; i++) {
                        Tensor loss = loss(i);
                        total += loss.item();
                        sgd.step(loss);
                    }
                    assertThat(total).isPositive();
                }))
                .isEmpty();
    }

    @Test
    void lossesBeforeAndAfterTheStepAreRight() {
        assertThat(said(() -> {
                    for (int i = 0; i < 10; i++) {
                        Tensor loss = loss(i);
                        double before = sgd.step(loss).loss();
                        assertThat(loss.item()).isLessThanOrEqualTo(before);
                    }
                }))
                .isEmpty();
    }

    @Test
    void oneFormulaThatIsSteppedAndReadManyTimesIsRight() {
        assertThat(said(() -> {
                    Tensor loss = loss(5);
                    for (int i = 0; i < 10; i++) {
                        sgd.step(loss);
                        loss.item();
                    }
                }))
                .isEmpty();
    }

    @Test
    void lossesBuiltBeforeTrainingMayBeAddedUp() {
        assertThat(said(() -> {
                    List<Tensor> losses =
                            IntStream.range(0, 5).mapToObj(this::loss).toList();
                    Tensor all = Tensor.sum(losses);
                    for (int epoch = 0; epoch < 3; epoch++) {
                        losses.forEach(sgd::step);
                        all.item();
                        losses.getFirst().plus(losses.getLast()).item();
                    }
                }))
                .isEmpty();
    }

    @Test
    void partBuiltOnceAndUsedByAllLossesIsRight() {
        assertThat(said(() -> {
                    Tensor scale = w.exp();
                    for (int i = 0; i < 10; i++) {
                        Tensor loss = loss(i).times(scale).plus(scale);
                        loss.item();
                        sgd.step(loss);
                        loss(100).times(scale).item();
                    }
                }))
                .isEmpty();
    }

    @Test
    void validationAfterTrainingIsRight() {
        assertThat(said(() -> {
                    Tensor built = loss(50);
                    for (int i = 0; i < 10; i++) {
                        sgd.step(loss(i));
                        built.item();
                        loss(50).item();
                        Tensor.sum(List.of(loss(1), loss(2), loss(3))).item();
                    }
                }))
                .isEmpty();
    }

    @Test
    void stateCarriedAsNumbersIsRight() {
        assertThat(said(() -> {
                    Tensor h = cell.start(1);
                    for (int i = 0; i < 10; i++) {
                        Tensor next = cell.next(X, h);
                        Step step = ofCell.step(next.square().mean(), next);
                        h = Tensor.of(step.value(next));
                        h.value();
                    }
                }))
                .isEmpty();
    }

    @Test
    void lineSearchesAreRight() {
        assertThat(said(() -> {
                    for (int i = 0; i < 5; i++) {
                        Tensor loss = cellLoss();
                        NDArray start = cell.b().value();
                        double best = loss.item();
                        for (double rate : new double[] {1, 0.1, 0.01}) {
                            cell.b().set(start);
                            Sgd.of(cell.b(), rate).step(loss);
                            best = Math.min(best, loss.item());
                        }
                        assertThat(best).isNotNaN();
                    }
                }))
                .isEmpty();
    }

    @Test
    void gradientChecksAndPlansAreRight() {
        assertThat(said(() -> {
                    for (int i = 0; i < 3; i++) {
                        Tensor loss = cellLoss();
                        ofCell.step(loss);
                        assertThat(GradientCheck.of(loss, Parameters.named(cell))
                                        .report()
                                        .isRight())
                                .isTrue();
                    }
                    Tensor x = Tensor.input("x", DType.F64, 1, 2);
                    Tensor loss = cell.next(x, cell.start(1)).square().mean();
                    Plan plan = ofCell.compile(loss);
                    for (int i = 0; i < 3; i++) {
                        plan.run(Map.of(x, NDArray.full(i, DType.F64, Shape.of(1, 2))));
                    }
                }))
                .isEmpty();
    }

    @Test
    void twoOptimizersThatTakeTurnsAreRight() {
        Parameter v = Parameter.of(2.0);
        Sgd other = Sgd.of(v, 0.1);
        assertThat(said(() -> {
                    for (int i = 0; i < 10; i++) {
                        Tensor made = v.times(i);
                        Tensor judged = made.minus(w).square();
                        judged.item();
                        sgd.step(judged);
                        Tensor fooled = v.times(i).minus(w).square().negate();
                        fooled.item();
                        other.step(fooled);
                    }
                }))
                .isEmpty();
    }
}
