package dev.clew.nn.layer;

/**
 * An Elman network in plain loops, and backpropagation through time for the loss Σ_t Σ r_t·h_t.
 *
 * <pre>
 *   h_t = tanh(x_t wx + h_{t−1} wh + b)
 *   ∂L/∂h_t = r_t + ∂L/∂z_{t+1} whᵀ        ∂L/∂z_t = ∂L/∂h_t (1 − h_t²)
 *   ∂L/∂wx = Σ_t x_tᵀ ∂L/∂z_t              ∂L/∂wh = Σ_t h_{t−1}ᵀ ∂L/∂z_t        ∂L/∂b = Σ_t Σ_batch ∂L/∂z_t
 * </pre>
 *
 * <p>Shapes: x (steps, batch, inputs), r and states (steps, batch, units), start (batch, units).
 */
final class RnnByHand {
    final double[][][] states;
    final double[][][] stateBars;
    final double[][] wxBar;
    final double[][] whBar;
    final double[] bBar;
    final double[][] startBar;
    private final double[][] wx;
    private final double[][] wh;

    RnnByHand(double[][] wx, double[][] wh, double[] b, double[][][] x, double[][] start, double[][][] r) {
        this.wx = wx;
        this.wh = wh;
        this.states = new double[x.length][start.length][wh.length];
        this.stateBars = new double[x.length][start.length][];
        this.wxBar = new double[wx.length][wh.length];
        this.whBar = new double[wh.length][wh.length];
        this.bBar = new double[wh.length];
        this.startBar = new double[start.length][wh.length];
        for (int n = 0; n < start.length; n++) {
            forward(n, b, x, start);
            backward(n, x, start, r);
        }
    }

    private void forward(int n, double[] b, double[][][] x, double[][] start) {
        for (int t = 0; t < x.length; t++) {
            double[] before = t == 0 ? start[n] : states[t - 1][n];
            for (int j = 0; j < wh.length; j++) {
                double z = b[j];
                for (int i = 0; i < wx.length; i++) {
                    z += x[t][n][i] * wx[i][j];
                }
                for (int i = 0; i < wh.length; i++) {
                    z += before[i] * wh[i][j];
                }
                states[t][n][j] = Math.tanh(z);
            }
        }
    }

    private void backward(int n, double[][][] x, double[][] start, double[][][] r) {
        double[] fromLater = new double[wh.length];
        for (int t = x.length - 1; t >= 0; t--) {
            double[] before = t == 0 ? start[n] : states[t - 1][n];
            stateBars[t][n] = new double[wh.length];
            double[] zBar = new double[wh.length];
            for (int j = 0; j < wh.length; j++) {
                double h = states[t][n][j];
                stateBars[t][n][j] = r[t][n][j] + fromLater[j];
                zBar[j] = stateBars[t][n][j] * (1 - h * h);
                bBar[j] += zBar[j];
            }
            accumulate(wxBar, x[t][n], zBar);
            accumulate(whBar, before, zBar);
            fromLater = back(zBar);
        }
        startBar[n] = fromLater;
    }

    private static void accumulate(double[][] bar, double[] left, double[] zBar) {
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < zBar.length; j++) {
                bar[i][j] += left[i] * zBar[j];
            }
        }
    }

    /** zBar·whᵀ. */
    private double[] back(double[] zBar) {
        double[] result = new double[wh.length];
        for (int i = 0; i < wh.length; i++) {
            for (int j = 0; j < wh.length; j++) {
                result[i] += zBar[j] * wh[i][j];
            }
        }
        return result;
    }
}
