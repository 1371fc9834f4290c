package dev.clew.nn.weight;

/**
 * Where the gates of cells stand in the arrays of other frameworks. A letter is a gate: of an LSTM i (input), f (forget), g (candidate,
 * which ONNX and Keras call c), o (output); of a GRU r (reset), z (update), n (candidate, h in ONNX and Keras). Here they are i f g o and
 * r z n.
 *
 * <table>
 * <caption>Gates, layout and biases</caption>
 * <tr><th></th><th>LSTM</th><th>GRU</th><th>biases</th><th>an array of x is</th></tr>
 * <tr><td>PyTorch</td><td>i f g o</td><td>r z n, reset after the product</td><td>two</td><td>(gates·units, inputs)</td></tr>
 * <tr><td>ONNX</td><td>i o f g</td><td>z r n, {@code linear_before_reset} 1 is after the product</td><td>two, in one array</td>
 * <td>(directions, gates·units, inputs)</td></tr>
 * <tr><td>Keras</td><td>i f g o</td><td>z r n, {@code reset_after}</td><td>one; two of a GRU that resets after, (2, 3·units)</td>
 * <td>(inputs, gates·units)</td></tr>
 * <tr><td>Flax</td><td>i f g o</td><td>r z n, reset after the product</td><td>one, at h; of a GRU at x, and one of n at h</td>
 * <td>(inputs, units) for every gate</td></tr>
 * </table>
 */
public enum GateOrder {
    /** PyTorch: {@code weight_ih}, {@code weight_hh}. */
    PYTORCH("PyTorch", "ifgo", "rzn", true, 2),
    /** ONNX: W, R, B. */
    ONNX("ONNX", "iofg", "zrn", true, 2),
    /** Keras: {@code kernel}, {@code recurrent_kernel}. */
    KERAS("Keras", "ifgo", "zrn", false, 1),
    /** Flax: a kernel for every gate. */
    FLAX("Flax", "ifgo", "rzn", false, 1);

    private final String framework;
    private final String lstm;
    private final String gru;
    private final boolean isTransposed;
    private final int biases;

    GateOrder(String framework, String lstm, String gru, boolean isTransposed, int biases) {
        this.framework = framework;
        this.lstm = lstm;
        this.gru = gru;
        this.isTransposed = isTransposed;
        this.biases = biases;
    }

    /** The gates of an LSTM, a letter each. */
    public String lstm() {
        return lstm;
    }

    /** The gates of a GRU, a letter each. */
    public String gru() {
        return gru;
    }

    /** Whether a matrix is (outputs, inputs), where here it is (inputs, outputs). */
    public boolean isTransposed() {
        return isTransposed;
    }

    /** How many biases an LSTM has. */
    public int biases() {
        return biases;
    }

    String of(CellKind kind) {
        return switch (kind) {
            case RNN -> kind.gates();
            case LSTM -> lstm;
            case GRU -> gru;
        };
    }

    /** The framework. */
    @Override
    public String toString() {
        return framework;
    }
}
