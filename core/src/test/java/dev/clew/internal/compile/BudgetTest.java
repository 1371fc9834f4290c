package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.run.Tape;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Patience;
import dev.clew.testing.Tries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plans that may take only so many bytes. */
final class BudgetTest {
    private static final int STEPS = 120;

    /** A network, its data, and a plan of its training step. */
    private record Trained(Nets.Net net, Plan plan) {
        static Trained of(String name, double part) {
            Nets.Net net = Nets.net(name, new Nets(DType.F64, 7, 0, 4), STEPS);
            Gradients gradients = Gradients.of(net.loss());
            Map<Parameter, Tensor> updates = new LinkedHashMap<>();
            net.parameters()
                    .forEach(parameter -> updates.put(
                            parameter, parameter.minus(gradients.wrt(parameter).times(0.01))));
            Plan whole = Plan.compile(net.values(), updates);
            return new Trained(
                    net, part == 1 ? whole : Plan.compileWithin((long) (whole.bytes() * part), net.values(), updates));
        }

        /** Outputs and parameters after a few steps. */
        List<NDArray> after(int steps) {
            List<NDArray> values = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                values.addAll(plan.run(Map.of()));
            }
            net.parameters().forEach(parameter -> values.add(parameter.value()));
            return values;
        }
    }

    @Test
    void trainingWithinABudgetHasTheSameBits() {
        Map<String, Double> parts = Map.of("RNN", 0.75, "LSTM", 0.6, "GRU", 0.6, "two-layer LSTM", 0.5, "tide", 0.65);
        parts.forEach((name, part) -> {
            Trained whole = Trained.of(name, 1);
            Trained small = Trained.of(name, part);
            assertThat(small.plan.bytes()).as(name).isLessThanOrEqualTo((long) (whole.plan.bytes() * part));
            assertThat(BitsTest.bits(small.after(3))).as(name).isEqualTo(BitsTest.bits(whole.after(3)));
        });
    }

    @Test
    void whatFitsIsCompiledAsWithoutABudget() {
        Capture capture = Capture.of(Nets.net("GRU", new Nets(DType.F64, 1), 9).outputs());
        CompiledProgram whole = Compiler.compile(capture.program(), Compiler.ALL);
        CompiledProgram same = Budget.compile(capture.program(), List.of(), new BitSet(), whole.bytes());
        assertThat(same.drafts().stream().map(RecordDraft::text))
                .containsExactlyElementsOf(
                        whole.drafts().stream().map(RecordDraft::text).toList());
    }

    @Test
    void tooLittleIsRefusedWithTheLeastPossible() {
        Capture capture =
                Capture.of(Nets.net("RNN", new Nets(DType.F64, 1), STEPS).outputs());
        long whole = Compiler.compile(capture.program(), Compiler.ALL).bytes();
        assertThatThrownBy(() -> Budget.compile(capture.program(), List.of(), new BitSet(), 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("plan within 1000 bytes: it takes " + whole
                        + " when everything is kept, and at least \\d+ when values are computed again;.*");
    }

    @Test
    void theLeastThatARefusalNamesIsEnough() {
        Tensor x = Nets.net("RNN", new Nets(DType.F64, 1), STEPS).loss();
        long least = 0;
        try {
            Plan.compileWithin(1, List.of(x), Map.of());
        } catch (IllegalArgumentException refusal) {
            least = Long.parseLong(String.valueOf(refusal.getMessage()).replaceAll(".*at least (\\d+) .*", "$1"));
        }
        assertThat(Plan.compileWithin(least, List.of(x), Map.of()).bytes())
                .isPositive()
                .isLessThanOrEqualTo(least);
    }

    /** A chain of states, every one of which its gradient needs. */
    private static Capture chain(int steps) {
        Parameter w = Parameter.of(new double[64]);
        Tensor x = w;
        for (int t = 0; t < steps; t++) {
            x = x.sin();
        }
        Tensor loss = x.sum();
        return Capture.of(List.of(loss, Gradients.of(loss).wrt(w)));
    }

    @Test
    void twentyThousandStatesAreKeptInATenthOfTheirBytes() {
        Capture capture = chain(Tries.longer(20_000));
        CompiledProgram whole = Compiler.compile(capture.program(), Compiler.ALL);
        CompiledProgram small = Patience.within(
                Duration.ofSeconds(Tries.longer(90)),
                () -> Budget.compile(capture.program(), List.of(), new BitSet(), whole.bytes() / 10));
        assertThat(small.bytes()).isLessThanOrEqualTo(whole.bytes() / 10);
        assertThat(BitsTest.bits(Tape.of(small).run(capture.numbers())))
                .isEqualTo(BitsTest.bits(Tape.of(whole).run(capture.numbers())));
    }

    @Test
    void twiceTheStepsAreTwiceTheNodes() {
        for (String net : Nets.all().keySet()) {
            int steps = Tries.longer(48);
            int one = size(net, steps);
            int two = size(net, 2 * steps);
            int four = size(net, 4 * steps);
            assertThat((four - two) / (double) (two - one)).as(net).isBetween(1.8, 2.2);
        }
    }

    private static int size(String net, int steps) {
        Capture capture =
                Capture.of(Nets.net(net, new Nets(DType.F64, 1), steps).outputs());
        return Budget.inSegments(capture.program(), steps / 8, 1, 1 << 10)
                .program()
                .size();
    }
}
