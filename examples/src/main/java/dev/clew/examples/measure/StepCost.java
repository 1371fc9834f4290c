package dev.clew.examples.measure;

import com.google.common.math.Quantiles;
import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.RnnCell;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the cost of a loop grows with its length and not faster: builds, evaluates and differentiates an Elman network of 4
 * units over 10 000 and 20 000 steps, in turn, and prints the ratio of the median times.
 */
public final class StepCost {
    private static final int STEPS = 10_000;
    private static final int WARM_UP = 15;
    private static final int RUNS = 15;

    private StepCost() {}

    public static void main(String[] args) {
        RnnCell cell = RnnCell.create(2, 4, RandomKey.of(1));
        List<Double> once = new ArrayList<>();
        List<Double> twice = new ArrayList<>();
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            double one = milliseconds(cell, STEPS);
            double two = milliseconds(cell, 2 * STEPS);
            if (run >= WARM_UP) {
                once.add(one);
                twice.add(two);
            }
        }
        double one = Quantiles.median().compute(once);
        double two = Quantiles.median().compute(twice);
        System.out.println(String.format(
                Locale.ROOT,
                "%d steps %.0f ms, %d steps %.0f ms, ratio %.2f (medians of %d alternating runs)",
                STEPS,
                one,
                2 * STEPS,
                two,
                two / one,
                RUNS));
    }

    private static double milliseconds(RnnCell cell, int steps) {
        long start = System.nanoTime();
        Tensor x = Tensor.ones(DType.F64, 1, 2);
        Tensor h = cell.start(1);
        for (int t = 0; t < steps; t++) {
            h = cell.next(x, h);
        }
        Tensor loss = h.square().sum();
        loss.value();
        Gradients gradients = Gradients.of(loss);
        Tensor.values(gradients.wrt(Parameters.named(cell).values()).values().toArray(new Tensor[0]));
        return (System.nanoTime() - start) / 1e6;
    }
}
