package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.RecompilationNotice;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** One line of a program that has plan after plan is noticed, and told what varies. */
final class RecompilationNoticeTest {
    private final List<String> warnings = new ArrayList<>();
    private final CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL, warnings::add);
    private final Parameter w = Parameter.of(2.0);

    /** What is said while formulas are evaluated, all on one line. */
    private List<String> said(int count, IntFunction<Tensor> formula) {
        for (int i = 1; i <= count; i++) {
            compiled.evaluate(List.of(formula.apply(i)));
        }
        return warnings;
    }

    private Tensor data(int length) {
        return Tensor.of(new double[length]).times(w).sum();
    }

    private Tensor loop(int steps) {
        Tensor x = w;
        for (int t = 0; t < steps; t++) {
            x = x.times(w).tanh();
        }
        return x;
    }

    @Test
    void lengthsOfDataAreNamedOnce() {
        assertThat(said(3 * RecompilationNotice.MANY, n -> data(n + 10)))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .startsWith(RecompilationNotice.MANY
                                + " plans have been compiled for dev.clew.user.RecompilationNoticeTest.said(")
                        .contains("What varies: the shape or type of data, (41) f64 and then (42) f64. Lengths"));
    }

    @Test
    void lengthsOfLoopsAreNamed() {
        assertThat(said(RecompilationNotice.MANY, this::loop))
                .singleElement()
                .satisfies(message ->
                        assertThat(message).contains("What varies: the number of operations, 63 and then 65."));
    }

    @Test
    void aFewStructuresSaidOftenAreOrdinary() {
        assertThat(said(10 * RecompilationNotice.MANY, n -> data(1 + n % (RecompilationNotice.MANY - 1))))
                .isEmpty();
    }

    @Test
    void stepsAreWatchedToo() {
        StepRule rule = outputs -> new StepChange(ImmutableList.of(), ImmutableMap.of(w, w.times(0.5)));
        for (int n = 1; n <= RecompilationNotice.MANY; n++) {
            assertThat(warnings).isEmpty();
            compiled.step(List.of(Tensor.zeros(DType.F64, n).plus(1).times(w).sum()), rule);
        }
        assertThat(warnings)
                .singleElement()
                .satisfies(message -> assertThat(message).contains("RecompilationNoticeTest.stepsAreWatchedToo("));
    }
}
