package dev.clew.examples;

import com.google.common.io.Resources;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.io.Safetensors;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.sequence.Layers;
import dev.clew.nn.weight.TorchWeights;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * An LSTM that PyTorch 1.13 has begun to train goes on here, and is written for PyTorch again.
 *
 * <p>Two layers of 6 units and a linear one say the next number of four waves, in f64: {@code nn.LSTM(1, 6, 2, batch_first=True)} and {@code
 * nn.Linear(6, 1)}. One file has the state dict after 60 steps, and another what PyTorch computed with it: outputs, and the losses of 50
 * further steps of a new Adam with rate 0.01. Outputs and losses must be the same here, and what is written must be read again to the same
 * bits.
 */
final class TorchLstm {
    private static final double RATE = 0.01;
    private static final double SAME_OUTPUTS = 1e-12;

    /** Each of fifty steps begins where rounding has left the one before. */
    private static final double SAME_LOSSES = 1e-10;

    private TorchLstm() {}

    /** The model: a record of what is read. */
    record Model(Layers<Lstm.State> lstm, Linear head) {
        static Model read(TorchWeights weights) {
            Model model = new Model(weights.lstm("lstm"), weights.linear("head"));
            weights.requireAllRead();
            return model;
        }

        /** Shapes: (batch, time, 1) → (batch, time, 1). */
        Tensor next(Tensor x) {
            return head.of(lstm.run(x).outputs());
        }
    }

    static Report run(String name, Options options) {
        if (!options.equals(Options.of(null, null, null, null))) {
            throw new IllegalArgumentException(
                    name + " has no options: its numbers are those that PyTorch has computed");
        }
        Map<String, NDArray> state = resource("torch-lstm.safetensors");
        Map<String, NDArray> torch = resource("torch-outputs.safetensors");
        TorchWeights weights = TorchWeights.of(state);
        Model model = Model.read(weights);
        Tensor x = Tensor.of(array(torch, "x"));
        double outputs = difference(model.next(x).value(), array(torch, "outputs"));
        NDArray theirs = array(torch, "losses");
        NDArray losses = trained(model, x, Tensor.of(array(torch, "next")), theirs.shape());
        double ofLosses = difference(losses, theirs);
        boolean isSame = isReadAgain(weights.arrays(), model, x);
        int steps = losses.shape().elements();
        String text = String.format(
                Locale.ROOT,
                "%d arrays of PyTorch read; outputs as PyTorch's to %.1e%n"
                        + "%d steps of Adam: loss %.5f -> %.5f, each as PyTorch's to %.1e%n"
                        + "written under the same names, and read again to %s",
                state.size(),
                outputs,
                steps,
                losses.get(0),
                losses.get(steps - 1),
                ofLosses,
                isSame ? "the same bits" : "OTHER BITS");
        return new Report(text, outputs < SAME_OUTPUTS && ofLosses < SAME_LOSSES && isSame);
    }

    private static NDArray trained(Model model, Tensor x, Tensor next, Shape steps) {
        Adam adam = Adam.of(model, RATE);
        Tensor loss = Losses.meanSquaredError(model.next(x), next);
        double[] losses = new double[steps.elements()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = adam.step(loss).loss();
        }
        return NDArray.of(losses);
    }

    private static boolean isReadAgain(Map<String, NDArray> arrays, Model model, Tensor x) {
        try {
            Path file = Files.createTempFile("torch-lstm", ".safetensors");
            try {
                Safetensors.write(file, arrays, Map.of());
                Map<String, NDArray> read = read(file);
                Model again = Model.read(TorchWeights.of(read));
                return read.equals(arrays)
                        && again.next(x).value().equals(model.next(x).value());
            } finally {
                Files.delete(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static Map<String, NDArray> read(Path file) throws IOException {
        try (Safetensors open = Safetensors.open(file)) {
            return open.readAll();
        }
    }

    private static Map<String, NDArray> resource(String resource) {
        try {
            Path file = Files.createTempFile("torch", ".safetensors");
            try {
                Files.write(file, Resources.toByteArray(Resources.getResource(TorchLstm.class, resource)));
                return read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static NDArray array(Map<String, NDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    /** The largest difference. */
    private static double difference(NDArray one, NDArray other) {
        return Tensor.of(one).minus(Tensor.of(other)).abs().max().item();
    }
}
