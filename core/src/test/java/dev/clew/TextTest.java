package dev.clew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.plan.Plan;
import dev.clew.tensor.Graph;
import dev.clew.tensor.OperationCases;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is printed is worth reading, and printing never fails. */
final class TextTest {
    @Test
    void anInputOfAPlanHasNoNumbersAndSaysItsName() {
        Tensor x = Tensor.input("words", DType.I32, 2, 3);
        assertThat(x).hasToString("input \"words\" (2, 3) i32");
        assertThat(x.expandDims(0)).hasToString("reshape (1, 2, 3) i32");
        assertThat(Graph.of(List.of(x.expandDims(0)))).hasToString("Graph of 2 nodes");
    }

    /** There are no numbers to show, and none may be asked for; nor are any of a gradient. */
    @Test
    void whateverIsComputedFromInputsOfAPlanPrints() {
        for (OperationCases.Case each : OperationCases.all()) {
            List<Tensor> inputs = each.inputs().stream()
                    .map(array -> Tensor.input("x", array.dtype(), array.shape().lengths()))
                    .toList();
            Tensor y = each.build().of(inputs);
            assertThat(y).as(each.toString()).hasToString(y.describe());
            assertThat(y.op().toString()).isNotBlank();
            Tensor yBar = Tensor.input("yBar", y.dtype(), y.shape().lengths());
            if (y.dtype().isFloating() && inputs.getFirst().dtype().isFloating()) {
                Gradients gradients = Gradients.of(y, yBar);
                assertThat(gradients.toString()).startsWith("Gradients of " + y.describe());
                Tensor gradient = gradients.wrt(inputs.getFirst());
                assertThat(gradient.toString()).startsWith(gradient.describe());
            }
        }
    }

    @Test
    void aPlanSaysWhatItTakesGivesAndChanges() {
        Tensor x = Tensor.input("x", DType.F64, 2);
        Parameter w = Parameter.of(new double[] {1, 2});
        Plan plan = Plan.compile(List.of(x.times(w).sum()), Map.of(w, w.minus(x)));
        assertThat(plan.toString())
                .matches("Plan of input \"x\" \\(2\\) f64 -> reshape \\(\\) f64; changes parameter \\(2\\) f64;"
                        + " \\d+ records, \\d+ bytes");
        assertThat(plan.withNames(Map.of("cell.w", w)).toString()).contains("; changes cell.w; ");
        assertThat(Plan.compile(List.of(w.sum())).toString()).startsWith("Plan of no inputs -> reshape () f64; ");
    }
}
