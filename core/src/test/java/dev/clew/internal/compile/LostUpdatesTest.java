package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.plan.Plan;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps and sets in several threads come out as if they had happened one after the other. */
@Timeout(300) // Against waiting for each other, not for speed.
class LostUpdatesTest {
    private static final int STEPS = 2000;
    private static final List<Evaluator> EVALUATORS = List.of(Evaluator.plain(), new CompilingEvaluator(Compiler.ALL));

    /** The number itself; whoever computes it does something in another thread first, told how often it was computed before. */
    private record Meanwhile(AtomicInteger computed, IntConsumer other) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            int before = computed.getAndIncrement();
            try (ExecutorService elsewhere = Executors.newSingleThreadExecutor()) {
                elsewhere.execute(() -> other.accept(before));
            }
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    private static StepRule newValue(Parameter parameter, Tensor value) {
        return outputs -> new StepChange(ImmutableList.of(), ImmutableMap.of(parameter, value));
    }

    private static void inTwoThreads(Runnable one, Runnable other) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> done = new ArrayList<>();
            for (Runnable each : List.of(one, other)) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < STEPS; i++) {
                        each.run();
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
    }

    @Test
    void stepsOfTwoRulesOnOneParameterAreAllCounted() throws Exception {
        for (Evaluator evaluator : EVALUATORS) {
            Parameter w = Parameter.of(0.0);
            StepRule one = newValue(w, w.minus(1));
            StepRule other = newValue(w, w.minus(1));
            Tensor loss = w.times(1);
            inTwoThreads(
                    () -> Stepped.by(evaluator, List.of(loss), one), () -> Stepped.by(evaluator, List.of(loss), other));
            assertThat(w.item()).isEqualTo(-2 * STEPS);
        }
    }

    @Test
    void stepsOfAPlanAndOfTheWalkOnOneParameterAreAllCounted() throws Exception {
        Parameter w = Parameter.of(0.0);
        StepRule one = newValue(w, w.minus(1));
        StepRule other = newValue(w, w.minus(1));
        inTwoThreads(
                () -> Stepped.by(EVALUATORS.get(0), List.of(w.times(1)), one),
                () -> Stepped.by(EVALUATORS.get(1), List.of(w.times(1)), other));
        assertThat(w.item()).isEqualTo(-2 * STEPS);
    }

    @Test
    void runsOfTwoPlansOnOneParameterAreAllCounted() throws Exception {
        Parameter w = Parameter.of(0.0);
        Plan one = Plan.compile(List.of(w.times(1)), Map.of(w, w.minus(1)));
        Plan other = Plan.compile(List.of(w.times(2)), Map.of(w, w.minus(1)));
        double[] result = new double[1];
        inTwoThreads(() -> one.run(Map.of()), () -> other.run(List.of(), List.of(result)));
        assertThat(w.item()).isEqualTo(-2 * STEPS);
    }

    @Test
    void runsOfOnePlanAreAllCounted() throws Exception {
        Parameter w = Parameter.of(0.0);
        Plan plan = Plan.compile(List.of(w.times(1)), Map.of(w, w.minus(1)));
        inTwoThreads(() -> plan.run(Map.of()), () -> plan.run(Map.of()));
        assertThat(w.item()).isEqualTo(-2 * STEPS);
    }

    /** Also if it happens again and again: then the step has the last turn for itself. */
    @Test
    void setDuringAStepIsWhatTheStepStartsFrom() {
        for (int times = 1; times <= 3; times++) {
            for (Evaluator evaluator : EVALUATORS) {
                int sets = times;
                Parameter w = Parameter.of(0.0);
                Meanwhile meanwhile = new Meanwhile(new AtomicInteger(), before -> {
                    if (before < sets) {
                        w.set(NDArray.of(100.0 * (before + 1)));
                    }
                });
                Tensor seen = meanwhile.on(w);
                List<NDArray> values = Stepped.by(evaluator, List.of(seen), newValue(w, seen.plus(1)))
                        .orElseThrow();
                assertThat(w.item()).isEqualTo(100.0 * sets + 1);
                assertThat(values).containsExactly(NDArray.of(100.0 * sets));
                assertThat(meanwhile.computed).hasValue(sets + 1);
            }
        }
    }

    /** Parameters set together, of which a step reads one and changes the other. */
    @Test
    void setAllDuringAStepIsSeenWhole() {
        for (Evaluator evaluator : EVALUATORS) {
            Parameter read = Parameter.of(1.0);
            Parameter written = Parameter.of(10.0);
            Meanwhile meanwhile = new Meanwhile(new AtomicInteger(), before -> {
                if (before == 0) {
                    Parameter.setAll(Map.of(read, NDArray.of(2.0), written, NDArray.of(20.0)));
                }
            });
            Tensor sum = meanwhile.on(read).plus(written);
            assertThat(Stepped.by(evaluator, List.of(sum), newValue(written, sum))
                            .orElseThrow())
                    .containsExactly(NDArray.of(22.0));
            assertThat(read.item()).isEqualTo(2);
            assertThat(written.item()).isEqualTo(22);
        }
    }

    @Test
    void changeOfAParameterThatIsOnlyReadIsSeenToo() {
        for (Evaluator evaluator : EVALUATORS) {
            Parameter read = Parameter.of(1.0);
            Parameter written = Parameter.of(0.0);
            Meanwhile meanwhile = new Meanwhile(new AtomicInteger(), before -> {
                if (before == 0) {
                    read.set(NDArray.of(5.0));
                }
            });
            Tensor copy = meanwhile.on(read);
            assertThat(Stepped.by(evaluator, List.of(copy), newValue(written, written.plus(copy))))
                    .isPresent();
            assertThat(written.item()).isEqualTo(5);
        }
    }

    @Test
    void stepsOfPlansStartFromWhatWasSetMeanwhile() {
        Parameter w = Parameter.of(0.0);
        Meanwhile meanwhile = new Meanwhile(new AtomicInteger(), before -> {
            if (before == 0) {
                w.set(NDArray.of(7.0));
            }
        });
        Tensor seen = meanwhile.on(w);
        Plan plan = Plan.compile(List.of(seen), Map.of(w, seen.plus(1)));
        assertThat(plan.run(Map.of())).containsExactly(NDArray.of(7.0));
        assertThat(w.item()).isEqualTo(8);
    }

    @Test
    void stepsThatShareNoParameterDoNotOvertakeEachOther() {
        for (Evaluator evaluator : EVALUATORS) {
            Parameter w = Parameter.of(0.0);
            Parameter v = Parameter.of(0.0);
            StepRule ofV = newValue(v, v.plus(1));
            Meanwhile meanwhile = new Meanwhile(
                    new AtomicInteger(),
                    before -> assertThat(Stepped.by(evaluator, List.of(v.times(1)), ofV))
                            .isPresent());
            Tensor seen = meanwhile.on(w);
            assertThat(Stepped.by(evaluator, List.of(seen), newValue(w, seen.plus(1))))
                    .isPresent();
            assertThat(meanwhile.computed).hasValue(1);
            assertThat(v.item()).isEqualTo(1);
            assertThat(w.item()).isEqualTo(1);
        }
    }

    /** Values alone are of one state, and do not wait or start again. */
    @Test
    void plansWithoutUpdatesAreNotOvertaken() {
        Parameter w = Parameter.of(1.0);
        Meanwhile meanwhile = new Meanwhile(new AtomicInteger(), before -> w.set(NDArray.of(2.0)));
        Plan plan = Plan.compile(List.of(meanwhile.on(w)));
        assertThat(plan.run(Map.of())).containsExactly(NDArray.of(1.0));
        assertThat(meanwhile.computed).hasValue(1);
    }

    /** What it computes sets a parameter in its own thread, every time. */
    private record SettingItself(Parameter parameter) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            parameter.set(NDArray.of(inputs.getFirst().item() + 1));
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    @Test
    void stepThatSetsWhatItReadsIsRefused() {
        for (Evaluator evaluator : EVALUATORS) {
            Parameter w = Parameter.of(0.0);
            Tensor setting = new SettingItself(w).on(w);
            assertThatThrownBy(() -> Stepped.by(evaluator, List.of(setting), newValue(w, setting)))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("step: an operation that it computes sets a parameter that the step reads, so the step"
                            + " would never end; set parameters between steps");
        }
    }
}
