package dev.clew.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.NDArray;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A loop of any length fits: nothing recurses along the graph. */
final class DepthTest {
    private static final double RATE = 0.999_99;

    private static Tensor loop(Parameter start, Parameter rate, int steps) {
        Tensor h = start;
        for (int t = 0; t < steps; t++) {
            h = h.times(rate);
        }
        return h;
    }

    @Test
    void aHundredThousandStepsBuildEvaluateAndDifferentiateOnAnOrdinaryThread() throws Exception {
        int steps = 100_000;
        FutureTask<double[]> task = new FutureTask<>(() -> {
            Parameter start = Parameter.of(2.0);
            Parameter rate = Parameter.of(RATE);
            Tensor last = loop(start, rate, steps);
            Gradients gradients = Gradients.of(last);
            Tensor byRate = gradients.wrt(rate);
            Tensor byStart = gradients.wrt(start);
            Tensor mixed = Gradients.of(byRate).wrt(start);
            assertThat(last.toString()).isEqualTo("times () f64");
            return Tensor.values(List.of(last, byRate, byStart, mixed)).stream()
                    .mapToDouble(NDArray::item)
                    .toArray();
        });
        Thread thread = new Thread(null, task, "default stack", 0);
        thread.start();
        double[] found = task.get();
        double power = Math.pow(RATE, steps);
        assertThat(found[0]).isCloseTo(2 * power, within(1e-11));
        assertThat(found[1]).isCloseTo(2 * steps * power / RATE, within(1e-5));
        assertThat(found[2]).isCloseTo(power, within(1e-11));
        assertThat(found[3]).isCloseTo(steps * power / RATE, within(1e-5));
    }

    @Test
    void twiceTheStepsAreTwiceTheNodes() {
        assertThat(nodes(20_000) - 2 * nodes(10_000)).isBetween(-20, 20);
    }

    private static int nodes(int steps) {
        Parameter start = Parameter.of(2.0);
        Parameter rate = Parameter.of(RATE);
        Tensor last = loop(start, rate, steps);
        return Graph.of(List.of(last, Gradients.of(last).wrt(rate))).size();
    }
}
