package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static dev.clew.nn.credit.Streams.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.RandomKey;
import dev.clew.nn.Parameters;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Streams of an Elman network that learns as it goes, beside the same in plain arrays. */
class ByHandTest {
    private static final int UNITS = 3;
    private static final int STEPS = 13;
    private static final double RATE = 0.02;

    private final RandomKey key = RandomKey.of(11);
    private final RnnCell cell = RnnCell.create(Streams.INPUTS, UNITS, key.fold(0));
    private final Model<Tensor> model = Model.of(cell, UNITS, key.fold(1));
    private final Sgd sgd = Sgd.of(model, RATE);
    private final ElmanByHand byHand = new ElmanByHand(cell, model.head());
    private final List<Tensor> x = data(key.fold(2), STEPS, 1, Streams.INPUTS);
    private final List<Tensor> targets = data(key.fold(3), STEPS, 1, Streams.TARGETS);

    private static double[] numbers(Tensor tensor) {
        return tensor.value().toDoubles();
    }

    private void isByHand(Lesson lesson, ElmanByHand.Gradient expected) {
        assertThat(lesson.loss()).isCloseTo(expected.loss, within(1e-12 * Math.max(1, expected.loss)));
        Map<String, double[]> all = expected.flat();
        Parameters.named(model)
                .forEach((name, parameter) -> near(
                        lesson.gradient(parameter).toDoubles(), all.getOrDefault(name, new double[0]), 1e-12, name));
    }

    @Property(tries = 24)
    void truncatedIsThatByHandWhileParametersChangeOnTheStream(
            @ForAll @IntRange(min = 1, max = 4) int every, @ForAll @IntRange(min = 0, max = 5) int replayed) {
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.truncated(every, every + replayed));
        List<double[]> inputs = new ArrayList<>();
        List<double[]> wanted = new ArrayList<>();
        double[] from = new double[UNITS];
        int since = 0;
        for (int t = 0; t < STEPS; t++) {
            Optional<Lesson> lesson = online.step(x.get(t), targets.get(t));
            inputs.add(numbers(x.get(t)));
            wanted.add(numbers(targets.get(t)));
            since++;
            assertThat(lesson.isPresent()).isEqualTo(since == every);
            if (since == every) {
                since = 0;
                ElmanByHand.Gradient expected = byHand.back(from, inputs, wanted, every);
                isByHand(lesson.orElseThrow(), expected);
                while (inputs.size()
                        > replayed) { // What comes after the steps that are replayed next time was computed now.
                    from = byHand.next(inputs.removeFirst(), from);
                    wanted.removeFirst();
                }
                sgd.step(lesson.orElseThrow().gradients());
                byHand.descend(expected, RATE);
            }
        }
    }

    @Test
    void sparseOfOneStepIsThatByHandWhileParametersChangeOnTheStream() {
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.sparse(1));
        ElmanByHand.Traces traces = byHand.new Traces();
        for (int t = 0; t < STEPS; t++) {
            Lesson lesson = online.step(x.get(t), targets.get(t)).orElseThrow();
            ElmanByHand.Gradient expected = traces.step(numbers(x.get(t)), numbers(targets.get(t)));
            isByHand(lesson, expected);
            sgd.step(lesson.gradients());
            byHand.descend(expected, RATE);
        }
        assertThat(online.carriedBytes())
                .as("of J one number for every number of wx, wh and b, and the state")
                .isEqualTo(8L * ((Streams.INPUTS + UNITS + 1) * UNITS + UNITS));
    }

    @Test
    void theStateIsCarriedOnAsNumbersAndTheRestCountsOnce() {
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.truncated(4, 4));
        double loss = 0;
        for (int t = 0; t < 6; t++) {
            loss += online.step(x.get(t), targets.get(t)).map(Lesson::loss).orElse(0.0);
        }
        double[] h = new double[UNITS];
        for (int t = 0; t < 6; t++) {
            h = byHand.next(numbers(x.get(t)), h);
        }
        near(online.state().value().toDoubles(), h, 1e-12, "state");
        Lesson rest = online.rest().orElseThrow();
        assertThat(rest.outputs()).hasSize(2);
        assertThat(online.rest()).isEmpty();
        double all = 0;
        double[] state = new double[UNITS];
        for (int t = 0; t < 6; t++) {
            all += byHand.back(state, List.of(numbers(x.get(t))), List.of(numbers(targets.get(t))), 1).loss;
            state = byHand.next(numbers(x.get(t)), state);
        }
        assertThat(loss + rest.loss()).isCloseTo(all, within(1e-12 * all));
        near(online.state().value().toDoubles(), h, 1e-12, "state after the rest");
    }
}
