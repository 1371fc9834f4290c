package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What looks as if it could be merged, and would be wrong: operations that wait for each other, or belong to different columns. */
final class MergeCirclesTest {
    private int drawn;

    private NDArray integers(int... shape) {
        return RandomKey.of(drawn++)
                .uniform(-2.9, 2.9, DType.F64, Shape.of(shape))
                .cast(DType.I32)
                .cast(DType.F64);
    }

    private Tensor data(int... shape) {
        return Tensor.of(integers(shape));
    }

    private static void sameAsTheWalk(Tensor... outputs) {
        List<NDArray> expected = Evaluator.plain().evaluate(List.of(outputs));
        List<NDArray> found = new CompilingEvaluator(Compiler.ALL).evaluate(List.of(outputs));
        for (int i = 0; i < outputs.length; i++) {
            assertThat(numbers(found.get(i))).as("output %d", i).isEqualTo(numbers(expected.get(i)));
        }
    }

    private static double[] numbers(NDArray array) {
        return Arrays.stream(array.toDoubles()).map(x -> x + 0.0).toArray();
    }

    @Test
    void rowsThatAreDifferentColumnsOfJoinedMatricesAreSummedApart() {
        Tensor a = data(2, 3);
        Tensor b = data(2, 3);
        Tensor c = data(2, 3);
        Tensor sum = a.sum(true, 0).plus(b.sum(true, 0));
        sameAsTheWalk(sum, Tensor.concat(1, List.of(a, c)), Tensor.concat(1, List.of(c, b)));
        sameAsTheWalk(sum, Tensor.concat(1, List.of(a, c)));
        sameAsTheWalk(sum, Tensor.concat(1, List.of(c, b)));
        sameAsTheWalk(sum, Tensor.concat(1, List.of(a, b)));
    }

    @Test
    void aSumOfRowsDoesNotWaitForAMatrixThatWaitsForTheSum() {
        Tensor a = data(2, 3);
        Tensor b = data(2, 3);
        Tensor sum = a.sum(true, 0).plus(b.sum(true, 0));
        Tensor later = sum.plus(a);
        sameAsTheWalk(Tensor.concat(1, List.of(a, later)), Tensor.concat(1, List.of(b, later)));
    }

    @Test
    void productsWithPartsOfJoinedMatricesDoNotWaitForEachOther() {
        Tensor left = data(3, 3);
        Tensor other = data(3, 3);
        Tensor p = data(3, 3);
        Tensor q = data(3, 3);
        Tensor m = left.matmul(p);
        Tensor n = other.matmul(q);
        sameAsTheWalk(
                m,
                n,
                left.matmul(n),
                other.matmul(m),
                Tensor.concat(1, List.of(p, n)),
                Tensor.concat(1, List.of(q, m)));
    }

    @Test
    void partsOfStacksAtDifferentPlacesAreNotTakenForData() {
        Parameter w = Parameter.of(integers(3, 3));
        Parameter u = Parameter.of(integers(3, 3));
        Parameter v = Parameter.of(integers(3, 3));
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> x = List.of(data(2, 3), data(2, 3));
        List<Tensor> a = x.stream().map(each -> each.matmul(w)).toList();
        List<Tensor> b = x.stream().map(each -> each.negate().matmul(u)).toList();
        List<Tensor> c = x.stream().map(each -> each.relu().matmul(v)).toList();
        for (int t = 0; t < 2; t++) {
            Tensor mixed = Tensor.where(data(2, 3).lessThan(0), a.get(t), b.get(1 - t));
            outputs.add(c.get(t).times(mixed));
            Tensor both = Tensor.where(data(2, 3).lessThan(0), a.get(t), a.get(1 - t));
            outputs.add(c.get(t).times(both));
        }
        sameAsTheWalk(outputs.toArray(new Tensor[0]));
    }

    @Test
    void aProductThatIsUsedTwiceStaysInTheSumWhereOthersAreMerged() {
        Parameter w = Parameter.of(integers(3, 3));
        Parameter u = Parameter.of(integers(3, 3));
        Tensor x = data(2, 3);
        Tensor joins = x.matmul(w).plus(x.matmul(u));
        Tensor once = data(2, 3).matmul(w.transpose());
        Tensor z = once.times(joins);
        Tensor sum = Tensor.sum(List.of(once, z.matmul(w.transpose()), z.matmul(u.transpose())));
        sameAsTheWalk(joins, sum);
    }
}
