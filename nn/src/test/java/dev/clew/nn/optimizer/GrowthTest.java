package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Warnings;
import dev.clew.nn.layer.RnnCell;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final Tensor X = Tensor.of(new double[][] {{0.5, -1}});

    private final RnnCell cell = RnnCell.create(2, 3, RandomKey.of(1));
    private final Sgd sgd = Sgd.of(cell, 0.01);

    @Test
    void stateCarriedAsAFormulaIsSaidOnceWithTheRemedy() {
        try (Warnings warnings = Warnings.collected()) {
            Tensor h = cell.start(1);
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                h = cell.next(X, h);
                Tensor loss = h.square().mean();
                sizes.add(Graph.of(List.of(loss)).size());
                sgd.step(loss);
            }
            assertThat(warnings.messages())
                    .containsExactly("WARNING The graph of the loss, now " + sizes.get(6)
                            + " nodes, has held more and more of earlier steps for 5 steps in"
                            + " a row: a state carried as a formula carries its whole history. Carry its numbers instead:"
                            + " var step = sgd.step(loss, h); h = Tensor.of(step.value(h));");
        }
    }

    @Test
    void metricCarriedAsAFormulaIsNoticedToo() {
        try (Warnings warnings = Warnings.collected()) {
            Tensor average = Tensor.of(0.0);
            for (int i = 0; i < 20; i++) {
                Tensor loss = cell.next(X, cell.start(1)).square().mean();
                average = average.times(0.9).plus(loss.times(0.1));
                sgd.step(loss, average);
            }
            assertThat(warnings.messages()).hasSize(1);
        }
    }

    @Test
    void formulaThatGrowsByUnequalSequencesIsNoticed() {
        try (Warnings warnings = Warnings.collected()) {
            Tensor h = cell.start(1);
            for (int i = 0; i < 20; i++) {
                h = states(h, 1 + (i * 7) % 5).getLast();
                sgd.step(h.square().mean());
            }
            assertThat(warnings.messages()).hasSize(1);
        }
    }

    @Test
    void stateCarriedAsNumbersKeepsTheGraphTheSameSize() {
        try (Warnings warnings = Warnings.collected()) {
            Tensor h = cell.start(1);
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                h = cell.next(X, h);
                Tensor loss = h.square().mean();
                sizes.add(Gradients.of(loss).graph().size());
                Step step = sgd.step(loss, h);
                h = Tensor.of(step.value(h));
            }
            assertThat(sizes).containsOnly(sizes.getFirst());
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void longerAndLongerSequencesAreOrdinary() {
        try (Warnings warnings = Warnings.collected()) {
            for (int steps = 1; steps <= 20; steps++) {
                sgd.step(states(cell.start(1), steps).getLast().square().mean());
            }
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void longerAndLongerSequencesOverFeaturesComputedBeforeTrainingAreOrdinary() {
        try (Warnings warnings = Warnings.collected()) {
            List<Tensor> features = new ArrayList<>();
            for (int t = 0; t < 20; t++) {
                features.add(X.times(t).tanh());
            }
            for (int steps = 1; steps <= 20; steps++) {
                Tensor h = cell.start(1);
                for (Tensor feature : features.subList(0, steps)) {
                    h = cell.next(feature, h);
                }
                sgd.step(h.square().mean());
            }
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void oneLossSteppedAgainAndAgainIsOrdinary() {
        try (Warnings warnings = Warnings.collected()) {
            Tensor loss = cell.next(X, cell.start(1)).square().mean();
            for (int i = 0; i < 20; i++) {
                sgd.step(loss);
            }
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void lossesBuiltBeforeTrainingAreOrdinaryHoweverTheyGrow() {
        try (Warnings warnings = Warnings.collected()) {
            List<Tensor> losses = states(cell.start(1), 20).stream()
                    .map(h -> h.square().mean())
                    .toList();
            losses.forEach(sgd::step);
            losses.forEach(sgd::step);
            assertThat(warnings.messages()).isEmpty();
        }
    }

    private List<Tensor> states(Tensor start, int steps) {
        List<Tensor> states = new ArrayList<>();
        Tensor h = start;
        for (int t = 0; t < steps; t++) {
            h = cell.next(X, h);
            states.add(h);
        }
        return states;
    }
}
