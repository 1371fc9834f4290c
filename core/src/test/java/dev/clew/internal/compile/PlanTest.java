package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Plans as users hold them. */
final class PlanTest {
    private static final NDArray ONE_TWO = NDArray.of(new double[] {1, 2});

    private final Tensor x = Tensor.input("x", DType.F64, 2);
    private final Parameter w = Parameter.of(new double[] {3, 5});
    private final Plan plan = Plan.compile(List.of(x.times(w).sum(), x.plus(w)));

    @Test
    void aMissingInputIsNamed() {
        assertThatThrownBy(() -> plan.run(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("run of a plan: no array for the input \"x\" (2) f64");
    }

    @Test
    void anArrayOfAnotherShapeOrTypeIsRefused() {
        assertThatThrownBy(() -> plan.run(Map.of(x, NDArray.of(new double[] {1, 2, 3}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "run of a plan: the input \"x\" is (2) f64 but the array is (3) f64; shapes and types belong "
                                + "to the plan, so compile one for each");
        assertThatThrownBy(() -> plan.run(Map.of(x, NDArray.of(new float[] {1, 2}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is (2) f64 but the array is (2) f32");
    }

    @Test
    void anArrayForNothingIsRefused() {
        Tensor other = Tensor.input("other", DType.F64, 2);
        assertThatThrownBy(() -> plan.run(Map.of(x, ONE_TWO, other, ONE_TWO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("run of a plan with an array for input \"other\" (2) f64: what its outputs depend on"
                        + " is input \"x\" (2) f64; numbers of parameters are set, not handed over");
        assertThatThrownBy(() -> plan.run(Map.of(x, ONE_TWO, w, ONE_TWO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with an array for parameter (2) f64: what its outputs");
    }

    @Test
    void parametersAreReadAtEveryRun() {
        assertThat(plan.run(Map.of(x, ONE_TWO)).getFirst().item()).isEqualTo(13);
        w.set(NDArray.of(new double[] {-1, 0.5}));
        List<NDArray> values = plan.run(Map.of(x, ONE_TWO));
        assertThat(values.getFirst().item()).isEqualTo(0);
        assertThat(values.getLast().toDoubles()).containsExactly(0, 2.5);
    }

    @Test
    void resultsOfARunStayWhenThePlanRunsAgain() {
        List<NDArray> first = plan.run(Map.of(x, ONE_TWO));
        plan.run(Map.of(x, NDArray.of(new double[] {7, 7})));
        assertThat(first.getLast().toDoubles()).containsExactly(4, 7);
    }

    @Test
    void outputsMayBeInputsParametersNumbersAndTwiceTheSame() {
        Tensor y = x.plus(1);
        List<NDArray> values = Plan.compile(List.of(y, x, w, Tensor.of(2.0), Tensor.of(7.0), y, x.reshape(2, 1)))
                .run(Map.of(x, ONE_TWO));
        assertThat(values.stream().map(NDArray::toDoubles).toList())
                .containsExactly(
                        new double[] {2, 3},
                        new double[] {1, 2},
                        new double[] {3, 5},
                        new double[] {2},
                        new double[] {7},
                        new double[] {2, 3},
                        new double[] {1, 2});
    }

    @Test
    void twoThreadsShareAPlan() {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<CompletableFuture<Void>> both = List.of(1.0, -2.0).stream()
                    .map(number -> CompletableFuture.runAsync(() -> repeat(number), threads))
                    .toList();
            both.forEach(CompletableFuture::join);
        }
    }

    private void repeat(double number) {
        for (int i = 0; i < Tries.times(2000); i++) {
            NDArray given = NDArray.of(new double[] {number + i, number});
            assertThat(plan.run(Map.of(x, given)).getLast().toDoubles()).containsExactly(number + i + 3, number + 5);
        }
    }

    @Test
    void explainSaysWhatWasMergedFusedAndPlacedAndAfterARunHowLongEveryRecordTook() {
        Tensor h = Tensor.zeros(DType.F64, 1, 4);
        Parameter u = Parameter.of(NDArray.full(0.1, DType.F64, Shape.of(4, 4)));
        Parameter v = Parameter.of(NDArray.full(0.2, DType.F64, Shape.of(2, 4)));
        for (int t = 0; t < 3; t++) {
            h = x.reshape(1, 2).times(t + 3).matmul(v).plus(h.matmul(u)).tanh();
        }
        Plan loop = Plan.compile(List.of(h));
        assertThat(loop.explain())
                .contains("merged  6 matrix products became 4")
                .contains("placed  0 copies left to run")
                .contains("forms   0 records run as vector code")
                .contains("product 1x4x4 f64")
                .doesNotContain("measured");
        loop.run(Map.of(x, ONE_TWO));
        String ran = loop.explain();
        assertThat(ran).contains("measured").contains("100.0 %  all, in microseconds");
        double sum = ran.lines()
                .filter(line -> line.matches(" +\\d+ .* %  .*") && !line.endsWith("all, in microseconds"))
                .mapToDouble(PlanTest::measured)
                .sum();
        String all = ran.lines().reduce((a, b) -> b).orElseThrow();
        assertThat(sum).isPositive().isCloseTo(measured(all), within(0.2));
    }

    /** The third number of a line. */
    private static double measured(String line) {
        return Double.parseDouble(
                Splitter.on(' ').omitEmptyStrings().splitToList(line).get(2));
    }

    @Test
    void aStepIntoSuppliedArraysAllocatesNothingButWhatTheJvmLeaves() throws Exception {
        assumeTrue(Tries.FACTOR > 1, "waits for C2, so it belongs to the long run: mvn verify -Plong");
        OtherJava.run(StepAllocation.class, "--add-modules=jdk.incubator.vector");
    }
}
