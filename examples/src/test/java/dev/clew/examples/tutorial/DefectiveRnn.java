package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A right gradient with exactly one defect, over columns.
 *
 * <pre>
 *   h_t = tanh(Wx x_t + Wh h_{t−1} + b)
 *   o_t = Wy h_t + c
 *   L   = −Σ_t Σ_k y_tk log(softmax(o_t)_k + ε), or Σ_t ½ ‖o_t − y_t‖²
 * </pre>
 */
final class DefectiveRnn implements HandWritten {
    private final Defect defect;
    private final TargetLoss loss;
    private @Nullable Sums kept;
    private double @Nullable [] keptCarry;

    DefectiveRnn(Defect defect, TargetLoss loss) {
        this.defect = defect;
        this.loss = loss;
    }

    /** What is added up over the steps. */
    @SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
    private record Sums(double[][] dWx, double[][] dWh, double[] db, double[][] dWy, double[] dc) {}

    @Override
    public ByHand run(Map<String, NDArray> numbers) {
        Point point = new Point(numbers);
        double[][] wx = point.matrix("Wx");
        double[][] wh = point.matrix("Wh");
        double[][] wy = point.matrix("Wy");
        double[] h0 = point.vector("h0");
        double[][] x = point.steps("x");
        double[][] h = new double[x.length][];
        double[][] o = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] z = point.vector("b");
            Accumulate.times(wx, x[t], z);
            Accumulate.times(wh, t > 0 ? h[t - 1] : h0, z);
            h[t] = Vectors.tanh(z);
            o[t] = point.vector("c");
            Accumulate.times(wy, h[t], o[t]);
        }
        return backward(wx, wh, wy, h0, x, h, o, point.steps("y"));
    }

    private ByHand backward(
            double[][] wx,
            double[][] wh,
            double[][] wy,
            double[] h0,
            double[][] x,
            double[][] h,
            double[][] o,
            double[][] y) {
        Sums sums = sums(wx, wh, wy);
        double[][] dh = new double[x.length][h0.length];
        double[] carry = carry(h0.length);
        for (int t = x.length - 1; t >= 0; t--) {
            double[] dOutput = loss.gradient(o[t], y[t], defect);
            Accumulate.outer(dOutput, h[t], sums.dWy);
            Accumulate.add(1, dOutput, sums.dc);
            Accumulate.transposeTimes(wy, dOutput, dh[t]);
            Accumulate.add(1, carry, dh[t]);
            double[] delta = Vectors.throughTanh(dh[t], h[t]);
            if (defect != Defect.FIRST_STEP_LEFT_OUT || t > 0) {
                double[] previous = t > 0 ? h[t - 1] : h0;
                Accumulate.outer(delta, defect == Defect.SAME_STATE ? h[t] : previous, sums.dWh);
            }
            if (defect != Defect.INPUT_GRADIENT_DROPPED) {
                Accumulate.outer(delta, x[t], sums.dWx);
            }
            Accumulate.add(1, delta, sums.db);
            carry = back(wh, delta);
        }
        keptCarry = carry;
        return answer(sums, carry, dh, h, o, y);
    }

    private Sums sums(double[][] wx, double[][] wh, double[][] wy) {
        Sums before = kept;
        if (before != null && defect == Defect.SUMS_KEPT) {
            return before;
        }
        Sums zeros = new Sums(
                Vectors.zeros(wx),
                Vectors.zeros(wh),
                new double[wh.length],
                Vectors.zeros(wy),
                new double[wy.length]);
        kept = zeros;
        return zeros;
    }

    private double[] carry(int units) {
        double[] before = keptCarry;
        return before != null && defect == Defect.CARRY_KEPT ? before : new double[units];
    }

    private double[] back(double[][] wh, double[] delta) {
        double[] back = new double[delta.length];
        if (defect == Defect.NO_TRANSPOSE) {
            Accumulate.times(wh, delta, back);
        } else if (defect != Defect.NO_RECURRENT_PATH) {
            Accumulate.transposeTimes(wh, delta, back);
        }
        return back;
    }

    private ByHand answer(Sums sums, double[] dh0, double[][] dh, double[][] h, double[][] o, double[][] y) {
        Answer answer = Answer.ofColumns(loss.of(o, y))
                .gradient("Wx", sums.dWx)
                .gradient("Wh", sums.dWh)
                .gradient("b", sums.db)
                .gradient("Wy", sums.dWy)
                .gradient("c", sums.dc)
                .adjoints("h", dh)
                .activations("h", h)
                .activations("o", o);
        // Where nothing goes back, nothing arrives at the initial state, and no such gradient is claimed.
        return (defect == Defect.NO_RECURRENT_PATH ? answer : answer.gradient("h0", dh0)).toByHand();
    }
}
