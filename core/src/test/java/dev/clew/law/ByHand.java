package dev.clew.law;

import java.util.ArrayList;
import java.util.List;

/**
 * Recurrent cells and their backpropagation through time in plain loops, for one sequence and the loss Σ_t Σ q_t·h_t.
 *
 * <pre>
 *   RNN   h' = tanh(A₀)                                        A_k = x·W_k + h·U_k + b_k
 *   GRU   z = σ(A₀)   r = σ(A₁)   n = tanh(x·W₂ + (r∘h)·U₂ + b₂)   h' = (1 − z)∘n + z∘h       (Cho et al., 2014)
 *   LSTM  i = σ(A₀)   f = σ(A₁)   g = tanh(A₂)   o = σ(A₃)   c' = f∘c + i∘g   h' = o∘tanh c'   (Hochreiter, Schmidhuber, 1997)
 * </pre>
 */
final class ByHand {
    enum Cell {
        RNN(1),
        GRU(3),
        LSTM(4);

        final int gates;

        Cell(int gates) {
            this.gates = gates;
        }
    }

    private final int units;
    private final double[][] weights;
    /** For each gate: W, then U, then b, row-major. */
    final double[][] bars;

    private final int inputs;

    /** What one step remembers for the way back. */
    private static final class Memory {
        private final double[] x;
        private final double[] h;
        private final double[] c;
        private final double[][] gates;
        private final double[] cNext;

        Memory(double[] x, double[] h, double[] c, double[][] gates, double[] cNext) {
            this.x = x;
            this.h = h;
            this.c = c;
            this.gates = gates;
            this.cNext = cNext;
        }
    }

    ByHand(int inputs, int units, double[][] weights) {
        this.inputs = inputs;
        this.units = units;
        this.weights = weights;
        this.bars = new double[weights.length][weights[0].length];
    }

    /** Accumulates the gradients of all weights, and gives back ∂L/∂h_t for t = 0 .. T. */
    double[][] run(Cell cell, double[][] x, double[][] q, double[] start) {
        List<Memory> memory = new ArrayList<>();
        double[] h = start;
        double[] c = new double[units];
        for (double[] now : x) {
            double[][] gates = gates(cell, now, h);
            Memory step = new Memory(now, h, c, gates, nextC(cell, gates, c));
            memory.add(step);
            h = nextH(cell, step);
            c = step.cNext;
        }
        double[][] hBars = new double[x.length + 1][];
        double[] hBar = new double[units];
        double[] cBar = new double[units];
        for (int t = x.length; t >= 1; t--) {
            for (int j = 0; j < units; j++) {
                hBar[j] += q[t - 1][j];
            }
            hBars[t] = hBar;
            Memory step = memory.get(t - 1);
            hBar = switch (cell) {
                case RNN -> rnn(step, hBar);
                case GRU -> gru(step, hBar);
                case LSTM -> lstm(step, hBar, cBar);
            };
        }
        hBars[0] = hBar;
        return hBars;
    }

    private double[][] gates(Cell cell, double[] x, double[] h) {
        double[][] gates = new double[cell.gates][units];
        for (int k = 0; k < cell.gates; k++) {
            boolean reset = cell == Cell.GRU && k == 2;
            boolean tanh = cell == Cell.RNN || k == 2;
            for (int j = 0; j < units; j++) {
                double a = weights[k][(inputs + units) * units + j];
                for (int i = 0; i < inputs; i++) {
                    a += x[i] * weights[k][i * units + j];
                }
                for (int i = 0; i < units; i++) {
                    a += (reset ? gates[1][i] * h[i] : h[i]) * weights[k][(inputs + i) * units + j];
                }
                gates[k][j] = tanh ? Math.tanh(a) : 1 / (1 + Math.exp(-a));
            }
        }
        return gates;
    }

    private double[] nextC(Cell cell, double[][] gates, double[] c) {
        double[] next = new double[units];
        for (int j = 0; cell == Cell.LSTM && j < units; j++) {
            next[j] = gates[1][j] * c[j] + gates[0][j] * gates[2][j];
        }
        return next;
    }

    private double[] nextH(Cell cell, Memory step) {
        double[] next = new double[units];
        double[][] gates = step.gates;
        for (int j = 0; j < units; j++) {
            next[j] = switch (cell) {
                case RNN -> gates[0][j];
                case GRU -> (1 - gates[0][j]) * gates[2][j] + gates[0][j] * step.h[j];
                case LSTM -> gates[3][j] * Math.tanh(step.cNext[j]);
            };
        }
        return next;
    }

    private double[] rnn(Memory step, double[] hBar) {
        double[] aBar = new double[units];
        for (int j = 0; j < units; j++) {
            aBar[j] = hBar[j] * (1 - step.gates[0][j] * step.gates[0][j]);
        }
        return through(0, step.x, step.h, aBar);
    }

    private double[] gru(Memory step, double[] hBar) {
        double[] z = step.gates[0];
        double[] r = step.gates[1];
        double[] n = step.gates[2];
        double[] zBar = new double[units];
        double[] nBar = new double[units];
        double[] reset = new double[units];
        double[] before = new double[units];
        for (int j = 0; j < units; j++) {
            zBar[j] = hBar[j] * (step.h[j] - n[j]) * z[j] * (1 - z[j]);
            nBar[j] = hBar[j] * (1 - z[j]) * (1 - n[j] * n[j]);
            reset[j] = r[j] * step.h[j];
            before[j] = hBar[j] * z[j];
        }
        double[] resetBar = through(2, step.x, reset, nBar);
        double[] rBar = new double[units];
        for (int j = 0; j < units; j++) {
            rBar[j] = resetBar[j] * step.h[j] * r[j] * (1 - r[j]);
            before[j] += resetBar[j] * r[j];
        }
        add(before, through(0, step.x, step.h, zBar));
        add(before, through(1, step.x, step.h, rBar));
        return before;
    }

    /** cBar is that of c' before, and that of c after. */
    private double[] lstm(Memory step, double[] hBar, double[] cBar) {
        double[][] gates = step.gates;
        double[][] aBars = new double[4][units];
        for (int j = 0; j < units; j++) {
            double i = gates[0][j];
            double f = gates[1][j];
            double g = gates[2][j];
            double o = gates[3][j];
            double tanh = Math.tanh(step.cNext[j]);
            double all = cBar[j] + hBar[j] * o * (1 - tanh * tanh);
            aBars[0][j] = all * g * i * (1 - i);
            aBars[1][j] = all * step.c[j] * f * (1 - f);
            aBars[2][j] = all * i * (1 - g * g);
            aBars[3][j] = hBar[j] * tanh * o * (1 - o);
            cBar[j] = all * f;
        }
        double[] before = new double[units];
        for (int k = 0; k < 4; k++) {
            add(before, through(k, step.x, step.h, aBars[k]));
        }
        return before;
    }

    /** Accumulates W̄ += xᵀ·Ā, Ū += hᵀ·Ā, b̄ += Ā, and gives back Ā·Uᵀ. */
    private double[] through(int gate, double[] x, double[] h, double[] aBar) {
        double[] hBar = new double[units];
        for (int j = 0; j < units; j++) {
            for (int i = 0; i < inputs; i++) {
                bars[gate][i * units + j] += x[i] * aBar[j];
            }
            for (int i = 0; i < units; i++) {
                bars[gate][(inputs + i) * units + j] += h[i] * aBar[j];
                hBar[i] += aBar[j] * weights[gate][(inputs + i) * units + j];
            }
            bars[gate][(inputs + units) * units + j] += aBar[j];
        }
        return hBar;
    }

    private static void add(double[] sum, double[] term) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += term[i];
        }
    }
}
