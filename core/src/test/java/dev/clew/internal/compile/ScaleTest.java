package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.program.Capture;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Patience;
import dev.clew.testing.Tries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How large programs may be: what passes handle grows with the steps, and no stack does. */
final class ScaleTest {
    /** The nodes after each stage, the units and the records. */
    private static List<Integer> sizes(String net, int steps) {
        Nets.Net made = Nets.net(net, new Nets(DType.F64, 1), steps);
        List<Integer> sizes = new ArrayList<>();
        Compilation compilation =
                Compilation.of(Capture.of(made.outputs()).program(), Compiler.ALL, List.of(), new BitSet());
        for (Stage stage : Pipeline.STAGES) {
            compilation.go(stage);
            sizes.add(compilation.program().size());
        }
        sizes.add(compilation.schedule().units().size());
        sizes.add(compilation.emitted().drafts().size());
        return sizes;
    }

    @Test
    void twiceTheStepsAreTwiceTheNodesAfterEveryPass() {
        for (String net : Nets.all().keySet()) {
            int steps = Tries.longer(16);
            List<Integer> one = sizes(net, steps);
            List<Integer> two = sizes(net, 2 * steps);
            List<Integer> four = sizes(net, 4 * steps);
            for (int i = 0; i < one.size(); i++) {
                int first = two.get(i) - one.get(i);
                int second = four.get(i) - two.get(i);
                assertThat(second)
                        .as("%s after stage %d: %s, %s, %s nodes", net, i, one, two, four)
                        .isBetween(2 * first - 4, 2 * first + 4);
            }
        }
    }

    /** What a plan gives that is compiled and run in the processor time that so many steps may take. */
    private static double[] run(Tensor output, Map<Tensor, NDArray> inputs) {
        return Patience.within(
                Duration.ofSeconds(Tries.longer(30)),
                () -> Plan.compile(List.of(output)).run(inputs).getFirst().toDoubles());
    }

    @Test
    void aHundredThousandStepsRun() {
        Tensor a = Tensor.input("a", DType.F64, 2);
        Tensor b = Tensor.input("b", DType.F64, 2);
        Tensor x = b;
        for (int t = 0; t < Tries.longer(100_000); t++) {
            x = x.times(a).plus(b);
        }
        NDArray half = NDArray.of(new double[] {0.5, -1});
        NDArray one = NDArray.of(new double[] {1, 3});
        assertThat(run(x, Map.of(a, half, b, one))).containsExactly(2, 3);
    }

    /** Every step adds a row of one stack to what only it has; what is remembered of such steps must not be a square of them. */
    @Test
    void thirtyThousandRowsOfOneStackRun() {
        int steps = Tries.longer(30_000);
        Tensor rows = Tensor.input("rows", DType.F64, steps, 2);
        Tensor x = Tensor.input("x", DType.F64, 1, 2);
        Tensor sum = x;
        for (int t = 0; t < steps; t++) {
            sum = sum.negate().plus(rows.slice(0, t, t + 1));
        }
        NDArray ones = NDArray.full(1, DType.F64, rows.shape());
        NDArray start = NDArray.of(new double[][] {{5, 7}});
        assertThat(run(sum, Map.of(rows, ones, x, start))).containsExactly(5, 7);
    }

    @Test
    void twentyThousandProductsInARowRun() {
        Parameter w = Parameter.of(new double[][] {{0, 1}, {-1, 0}});
        Tensor b = Tensor.input("b", DType.F64, 1, 2);
        Tensor x = b;
        for (int t = 0; t < Tries.longer(20_000); t++) {
            x = x.matmul(w);
        }
        NDArray one = NDArray.of(new double[][] {{1, 3}});
        assertThat(run(x, Map.of(b, one))).containsExactly(1, 3);
    }
}
