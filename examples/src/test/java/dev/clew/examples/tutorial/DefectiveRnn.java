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
        Pass pass = new Pass(new Point(numbers));
        pass.forward();
        pass.backward();
        kept = pass.sums;
        keptCarry = pass.carry;
        return pass.answer();
    }

    /** One call. */
    private final class Pass {
        private final Point point;
        private final double[][] wx;
        private final double[][] wh;
        private final double[][] wy;
        private final double[] h0;
        private final double[][] x;
        private final double[][] y;
        private final double[][] h;
        private final double[][] o;
        private final double[][] dh;
        private final Sums sums;
        private double[] carry;

        Pass(Point point) {
            this.point = point;
            wx = point.matrix("Wx");
            wh = point.matrix("Wh");
            wy = point.matrix("Wy");
            h0 = point.vector("h0");
            x = point.steps("x");
            y = point.steps("y");
            h = new double[x.length][];
            o = new double[x.length][];
            dh = new double[x.length][h0.length];
            Sums before = kept;
            sums = before != null && defect == Defect.SUMS_KEPT
                    ? before
                    : new Sums(
                            Vectors.zeros(wx),
                            Vectors.zeros(wh),
                            new double[wh.length],
                            Vectors.zeros(wy),
                            new double[wy.length]);
            double[] carryBefore = keptCarry;
            carry = carryBefore != null && defect == Defect.CARRY_KEPT ? carryBefore : new double[h0.length];
        }

        private double[] previous(int t) {
            return t > 0 ? h[t - 1] : h0;
        }

        void forward() {
            for (int t = 0; t < x.length; t++) {
                double[] z = point.vector("b");
                Accumulate.times(wx, x[t], z);
                Accumulate.times(wh, previous(t), z);
                h[t] = Vectors.tanh(z);
                o[t] = point.vector("c");
                Accumulate.times(wy, h[t], o[t]);
            }
        }

        void backward() {
            for (int t = x.length - 1; t >= 0; t--) {
                double[] dOutput = loss.gradient(o[t], y[t], defect);
                Accumulate.outer(dOutput, h[t], sums.dWy);
                Accumulate.add(1, dOutput, sums.dc);
                Accumulate.transposeTimes(wy, dOutput, dh[t]);
                Accumulate.add(1, carry, dh[t]);
                double[] delta = Vectors.throughTanh(dh[t], h[t]);
                if (defect != Defect.FIRST_STEP_LEFT_OUT || t > 0) {
                    Accumulate.outer(delta, defect == Defect.SAME_STATE ? h[t] : previous(t), sums.dWh);
                }
                if (defect != Defect.INPUT_GRADIENT_DROPPED) {
                    Accumulate.outer(delta, x[t], sums.dWx);
                }
                Accumulate.add(1, delta, sums.db);
                handOn(delta);
            }
        }

        private void handOn(double[] delta) {
            carry = new double[delta.length];
            if (defect == Defect.NO_TRANSPOSE) {
                Accumulate.times(wh, delta, carry);
            } else if (defect != Defect.NO_RECURRENT_PATH) {
                Accumulate.transposeTimes(wh, delta, carry);
            }
        }

        ByHand answer() {
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
            return (defect == Defect.NO_RECURRENT_PATH ? answer : answer.gradient("h0", carry)).toByHand();
        }
    }
}
