package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A long short-term memory with a loss at every step, and ways to get its gradient wrong.
 *
 * <pre>
 *   z_t = [h_{t−1}; x_t]
 *   f_t = σ(Wf z_t + bf)    i_t = σ(Wi z_t + bi)    g_t = tanh(Wg z_t + bg)    o_t = σ(Wo z_t + bo)
 *   c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t
 *   h_t = o_t ⊙ tanh(c_t)
 *   v_t = Wv h_t + bv
 * </pre>
 *
 * <p>{@link Variant#CELL_LOSS} and {@link Variant#CELL_LOSS_FORGOTTEN} add {@code ½ ‖c_T‖²} to the loss, with c_T the
 * cell of the last step.
 *
 * <p>Shapes: x_t (inputs), all gates, h_t and c_t (units), v_t and bv (classes), Wf, Wi, Wg, Wo (units, units +
 * inputs), Wv (classes, units).
 */
final class Lstm implements HandWritten {
    /** What stands in the backward pass. */
    enum Variant {
        /** What must stand there. */
        RIGHT,
        /** The same, with {@code dc_next +=} for {@code dc =}: what comes from h is added to the carry in its place. */
        CARRY_ADDED_TO,
        /** The forget gate's derivative is the sigmoid again, of what came out of it. */
        SIGMOID_AGAIN,
        /** What goes back to the step before is computed, and never handed on. */
        NOTHING_HANDED_ON,
        /** The cell's derivative is assigned where it is added: what came from later cells is lost. */
        CELL_ASSIGNED,
        /** The columns of the inputs take the last step's product alone; those of the state sum over the steps. */
        LAST_INPUT_ONLY,
        /** Without parentheses round the sum, σ′ and tanh′ of the gates behind c bind to what comes from h only. */
        NO_PARENTHESES,
        /** The same in the forget gate alone. */
        NO_PARENTHESES_IN_FORGET_GATE,
        /** What must stand there, with a loss on the last cell. */
        CELL_LOSS,
        /** The derivative of the loss on the last cell is not added to what comes from h. */
        CELL_LOSS_FORGOTTEN;

        boolean hasCellLoss() {
            return this == CELL_LOSS || this == CELL_LOSS_FORGOTTEN;
        }
    }

    private final Variant variant;

    Lstm(Variant variant) {
        this.variant = variant;
    }

    @Override
    public ByHand run(Map<String, NDArray> numbers) {
        Point point = new Point(numbers);
        LstmForward forward = new LstmForward(point);
        Pass pass = new Pass(point, forward);
        pass.backward();
        return pass.answer();
    }

    /** One gate's weights, and their derivatives. */
    private static final class Gate {
        private final double[][] W;
        private final double[][] dW;
        private final double[] db;

        Gate(double[][] W) {
            this.W = W;
            dW = Vectors.zeros(W);
            db = new double[W.length];
        }
    }

    /** The backward pass of one call. */
    private final class Pass {
        private final LstmForward forward;
        private final int units;
        private final int steps;
        private final Gate forget;
        private final Gate input;
        private final Gate candidate;
        private final Gate output;
        private final Gate head;
        private final double[][] dh;
        private final double[][] dc;
        private double[] dhNext;
        private double[] dcNext;

        Pass(Point point, LstmForward forward) {
            this.forward = forward;
            units = forward.c0.length;
            steps = forward.c.length;
            forget = new Gate(point.matrix("Wf"));
            input = new Gate(point.matrix("Wi"));
            candidate = new Gate(point.matrix("Wg"));
            output = new Gate(point.matrix("Wo"));
            head = new Gate(point.matrix("Wv"));
            dh = new double[steps][units];
            dc = new double[steps][units];
            dhNext = new double[units];
            dcNext = new double[units];
        }

        void backward() {
            for (int t = steps - 1; t >= 0; t--) {
                double[] dOutput = LossAt.EVERY_STEP.gradient(forward.v, t);
                Accumulate.outer(dOutput, forward.h[t], head.dW);
                Accumulate.add(1, dOutput, head.db);

                // dh_t = Wvᵀ ∂L/∂v_t + dh_next
                Accumulate.transposeTimes(head.W, dOutput, dh[t]);
                Accumulate.add(1, dhNext, dh[t]);

                dc[t] = dCell(t, fromHidden(t));
                handOn(t, throughGates(t));
            }
        }

        /** {@code dh_t ⊙ o_t ⊙ (1 − tanh² c_t)}, what the cell hears from its own h. */
        private double[] fromHidden(int t) {
            double[] dTanh = Vectors.times(dh[t], forward.o[t]);
            return Vectors.throughTanh(dTanh, Vectors.tanh(forward.c[t]));
        }

        /** {@code dc_t = dh_t ⊙ o_t ⊙ (1 − tanh² c_t) + dc_{t+1} ⊙ f_{t+1}}; the second is dc_next. */
        private double[] dCell(int t, double[] fromHidden) {
            double[] dCell = fromHidden.clone();
            if (variant == Variant.CARRY_ADDED_TO) {
                dCell = dcNext;
                Accumulate.add(1, fromHidden, dCell);
            } else if (variant != Variant.CELL_ASSIGNED) {
                Accumulate.add(1, dcNext, dCell);
            }
            if (variant == Variant.CELL_LOSS && t == steps - 1) {
                Accumulate.add(1, forward.c[t], dCell); // ∂(½ ‖c_T‖²)/∂c_T
            }
            return dCell;
        }

        /** The derivatives of all gates' weights; returns dz_t. */
        private double[] throughGates(int t) {
            boolean isWhole = variant != Variant.NO_PARENTHESES;
            boolean isWholeInForget = isWhole && variant != Variant.NO_PARENTHESES_IN_FORGET_GATE;
            double[] f = forward.f[t];
            double[] i = forward.i[t];
            double[] g = forward.g[t];
            double[] previous = forward.previousCell(t);
            // δf = dc_t ⊙ c_{t−1} ⊙ f_t ⊙ (1 − f_t)
            double[] deltaForget = variant == Variant.SIGMOID_AGAIN
                    ? Vectors.times(Vectors.times(dc[t], previous), Vectors.sigmoid(f))
                    : throughSum(t, isWholeInForget, previous, sum -> Vectors.throughSigmoid(sum, f));
            double[] deltaInput = throughSum(t, isWhole, g, sum -> Vectors.throughSigmoid(sum, i));
            double[] deltaCandidate = throughSum(t, isWhole, i, sum -> Vectors.throughTanh(sum, g));
            double[] dOutput = Vectors.times(dh[t], Vectors.tanh(forward.c[t]));
            double[] dz = new double[forward.z[t].length];
            through(forget, deltaForget, t, dz);
            through(input, deltaInput, t, dz);
            through(candidate, deltaCandidate, t, dz);
            through(output, Vectors.throughSigmoid(dOutput, forward.o[t]), t, dz);
            return dz;
        }

        /** {@code dc_t ⊙ factor ⊙ σ′}, where {@code dc_t = dc_next + dh_t ⊙ o_t ⊙ (1 − tanh² c_t)}. */
        private double[] throughSum(
                int t, boolean hasParentheses, double[] factor, UnaryOperator<double[]> activation) {
            if (hasParentheses) {
                return activation.apply(Vectors.times(dc[t], factor));
            }
            return Vectors.plus(Vectors.times(dcNext, factor), activation.apply(Vectors.times(fromHidden(t), factor)));
        }

        /** {@code dW += δ z_tᵀ}, {@code db += δ}, {@code dz += Wᵀ δ}. */
        private void through(Gate gate, double[] delta, int t, double[] dz) {
            double[] z = forward.z[t].clone();
            if (variant == Variant.LAST_INPUT_ONLY && t < steps - 1) {
                Arrays.fill(z, units, z.length, 0);
            }
            Accumulate.outer(delta, z, gate.dW);
            Accumulate.add(1, delta, gate.db);
            Accumulate.transposeTimes(gate.W, delta, dz);
        }

        /** {@code dh_next} is the upper part of dz_t, {@code dc_next = dc_t ⊙ f_t}. */
        private void handOn(int t, double[] dz) {
            double[] dhPrevious = Arrays.copyOf(dz, units);
            double[] dcPrevious = Vectors.times(dc[t], forward.f[t]);
            if (variant != Variant.NOTHING_HANDED_ON) {
                dhNext = dhPrevious;
                dcNext = dcPrevious;
            }
        }

        ByHand answer() {
            Answer answer = Answer.ofColumns(forward.loss(variant.hasCellLoss()))
                    .gradient("h0", dhNext)
                    .gradient("c0", dcNext)
                    .adjoints("h", dh)
                    .adjoints("c", dc);
            add(answer, "f", forget);
            add(answer, "i", input);
            add(answer, "g", candidate);
            add(answer, "o", output);
            add(answer, "v", head);
            return forward.addTo(answer).toByHand();
        }

        private static void add(Answer answer, String letter, Gate gate) {
            answer.gradient("W" + letter, gate.dW).gradient("b" + letter, gate.db);
        }
    }
}
