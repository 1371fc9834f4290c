package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How large programs may be: what passes handle grows with the steps, and no stack does. */
final class ScaleTest {
    /** The nodes after each pass, and the records. */
    private static List<Integer> sizes(String net, int steps) {
        Nets.Net made = Nets.net(net, new Nets(DType.F64, 1), steps);
        List<Integer> sizes = new ArrayList<>();
        Program program = Simplify.of(Capture.of(made.outputs()).program());
        sizes.add(program.size());
        for (var step : MergeGemms.STEPS) {
            program = Simplify.of(step.apply(program));
            sizes.add(program.size());
        }
        sizes.add(program.size());
        sizes.add(Fuse.of(program).units().size());
        sizes.add(Emit.of(Order.of(Fuse.of(program)), Place.of(program), List.of(), new BitSet())
                .drafts()
                .size());
        return sizes;
    }

    @Test
    void twiceTheStepsAreTwiceTheNodesAfterEveryPass() {
        for (String net : Nets.all().keySet()) {
            List<Integer> one = sizes(net, 16);
            List<Integer> two = sizes(net, 32);
            List<Integer> four = sizes(net, 64);
            for (int i = 0; i < one.size(); i++) {
                int first = two.get(i) - one.get(i);
                int second = four.get(i) - two.get(i);
                assertThat(second)
                        .as("%s after pass %d: %s, %s, %s nodes", net, i, one, two, four)
                        .isBetween(2 * first - 4, 2 * first + 4);
            }
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aHundredThousandStepsRun() {
        Tensor a = Tensor.input("a", DType.F64, 2);
        Tensor b = Tensor.input("b", DType.F64, 2);
        Tensor x = b;
        for (int t = 0; t < 100_000; t++) {
            x = x.times(a).plus(b);
        }
        NDArray half = NDArray.of(new double[] {0.5, -1});
        NDArray one = NDArray.of(new double[] {1, 3});
        assertThat(Plan.compile(List.of(x))
                        .run(Map.of(a, half, b, one))
                        .getFirst()
                        .toDoubles())
                .containsExactly(2, 3);
    }

    /** Every step adds a row of one stack to what only it has; what is remembered of such steps must not be a square of them. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void thirtyThousandRowsOfOneStackRun() {
        Tensor rows = Tensor.input("rows", DType.F64, 30_000, 2);
        Tensor x = Tensor.input("x", DType.F64, 1, 2);
        Tensor sum = x;
        for (int t = 0; t < 30_000; t++) {
            sum = sum.negate().plus(rows.slice(0, t, t + 1));
        }
        NDArray ones = NDArray.full(1, DType.F64, rows.shape());
        NDArray start = NDArray.of(new double[][] {{5, 7}});
        assertThat(Plan.compile(List.of(sum))
                        .run(Map.of(rows, ones, x, start))
                        .getFirst()
                        .toDoubles())
                .containsExactly(5, 7);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void twentyThousandProductsInARowRun() {
        Parameter w = Parameter.of(new double[][] {{0, 1}, {-1, 0}});
        Tensor b = Tensor.input("b", DType.F64, 1, 2);
        Tensor x = b;
        for (int t = 0; t < 20_000; t++) {
            x = x.matmul(w);
        }
        NDArray one = NDArray.of(new double[][] {{1, 3}});
        assertThat(Plan.compile(List.of(x)).run(Map.of(b, one)).getFirst().toDoubles())
                .containsExactly(1, 3);
    }
}
