package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Unpick;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for operations as such, also for those that are made without Tensor's methods, as rules make them. */
final class OperationRulesTest {
    private static Tensor x(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    @Test
    void everyOperationHasALabelThatBeginsWithASmallLetter() {
        for (OperationCases.Case one : OperationCases.all()) {
            List<Tensor> inputs = one.inputs().stream().map(Tensor::of).toList();
            assertThat(Graph.of(List.of(one.build().of(inputs))).nodes())
                    .allSatisfy(node -> assertThat(node.op().label()).matches("[a-z][A-Za-z0-9]*"));
        }
    }

    @Test
    void formulasHaveAsManyInputsAsTheirKind() {
        for (Unary op : Unary.values()) {
            assertThat(op.formula().arity()).isEqualTo(1);
        }
        for (Binary op : Binary.values()) {
            assertThat(op.formula().arity()).isEqualTo(2);
        }
    }

    @Test
    void operationsCheckShapesThemselves() {
        assertThatThrownBy(() -> new Contraction.MatMul(false, false).on(x(2, 3), x(4, 5)))
                .hasMessage(
                        "matmul (2, 3) · (4, 5): the left has 3 columns but the right has 4 rows; they must be equal");
        assertThatThrownBy(() -> new Movement.Concat(0, IntTuple.of(0, 2)).on(x(2, 3), x(2, 4)))
                .hasMessage("concat along axis 0: tensor 0 is (2, 3) but tensor 1 is (2, 4);"
                        + " all lengths except that of axis 0 must be equal");
        assertThatThrownBy(() -> new Selection.ScatterAdd(x(2).shape()).on(x(1), Tensor.of(new int[] {2})))
                .hasMessage("scatterAdd: index 2 at position 0 of (1) is outside 0 to 1: there are 2 rows");
        assertThatThrownBy(() -> new Unpick(Shape.of(1, 2)).on(x(1), Tensor.of(new int[] {2})))
                .hasMessage("unpick: index 2 at position 0 of (1) is outside 0 to 1: there are 2 classes");
    }

    @Test
    void aCastBetweenFloatingTypesCastsTheCotangentBack() {
        Tensor x = Tensor.of(new double[] {1, 2});
        Tensor yBar = Tensor.of(new float[] {3, -4});
        Tensor xBar = Gradients.of(x.cast(DType.F32), yBar).wrt(x);
        assertThat(xBar.dtype()).isEqualTo(DType.F64);
        assertThat(xBar.value().toDoubles()).containsExactly(3, -4);
    }

    @Test
    void functionsOfTensorsCheckTheirArguments() {
        assertThatThrownBy(() -> x(2).all())
                .hasMessage(
                        "all with (2) f64 as its condition: it must be bool; compare first, as in x.greaterThan(0)");
        assertThatThrownBy(() -> x(2).upperTriangle(0))
                .hasMessage("upperTriangle of (2): it is of the last two axes, and there are fewer");
        assertThatThrownBy(() -> x(3).topK(4, 0))
                .hasMessage("topK 4 along axis 0 of (3): k goes from 0 to 3, the length of the axis");
        assertThat(x(3).topK(3, 0).values().shape()).isEqualTo(Shape.of(3));
        assertThat(x(3).topK(0, 0).values().shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void aWholeNumberHasNoGradients() {
        assertThatThrownBy(() -> Gradients.of(Tensor.of(3)))
                .hasMessage("gradient at constant () i32:"
                        + " integers and truth values have no derivatives; gradients stop there");
    }
}
