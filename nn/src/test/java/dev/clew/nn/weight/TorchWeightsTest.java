package dev.clew.nn.weight;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Step;
import dev.clew.nn.sequence.Layers;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Models of PyTorch 1.13, with the outputs, losses, gradients and weights that it computed. What they computed in f64 is reproduced to
 * 1e-12, and in f32 to 1e-6; ten steps of Adam make more of a rounding where a gradient is small, so in f32 weights after them to 1e-5.
 */
class TorchWeightsTest {

    /** A stack of cells with a head, trained by PyTorch for ten steps of Adam. */
    enum Trained {
        LSTM("torch-lstm"),
        GRU("torch-gru"),
        RNN_WITH_RELU("torch-rnn-relu"),
        PROJECTED_LSTM("torch-lstm-projected"),
        LSTM_WITHOUT_BIASES("torch-lstm-without-biases"),
        GRU_WITHOUT_BIASES("torch-gru-without-biases");

        private final String file;

        Trained(String file) {
            this.file = file;
        }

        Layers<?> read(TorchWeights weights) {
            return switch (this) {
                case LSTM, PROJECTED_LSTM, LSTM_WITHOUT_BIASES -> weights.lstm("rnn");
                case GRU, GRU_WITHOUT_BIASES -> weights.gru("rnn");
                case RNN_WITH_RELU -> weights.rnn("rnn", RnnCell.Activation.RELU);
            };
        }

        Map<String, NDArray> golden() {
            return Golden.arrays(file + ".safetensors");
        }
    }

    record Tagger(Layers<?> rnn, Linear head) {
        Layers.Passage<?> run(Map<String, NDArray> golden) {
            return rnn.run(tensor(golden, "x"), tensor(golden, "lengths"));
        }

        /** The mean square, in which the padding counts as 0, as in the script that made the files. */
        Tensor loss(Map<String, NDArray> golden) {
            Tensor isPadding = tensor(golden, "lengths")
                    .reshape(-1, 1)
                    .greaterThan(Tensor.of(new int[] {0, 1, 2, 3, 4}))
                    .not();
            Tensor wrong = head.of(run(golden).outputs()).minus(tensor(golden, "target"));
            return wrong.maskedFill(isPadding.expandDims(-1), 0).square().mean();
        }
    }

    private static Tensor tensor(Map<String, NDArray> golden, String name) {
        return Tensor.of(Golden.array(golden, name));
    }

    private static Map<String, NDArray> weights(Map<String, NDArray> golden) {
        return Golden.below(golden, "weight.");
    }

    private static double tolerance(Map<String, NDArray> golden) {
        return Golden.array(golden, "x").dtype() == DType.F64 ? 1e-12 : 1e-6;
    }

    @ParameterizedTest
    @EnumSource(Trained.class)
    void outputsAndLastStatesAreThoseOfPyTorch(Trained trained) {
        Map<String, NDArray> golden = trained.golden();
        TorchWeights weights = TorchWeights.of(weights(golden));
        Tagger tagger = new Tagger(trained.read(weights), weights.linear("head"));
        weights.requireAllRead();
        Layers.Passage<?> passage = tagger.run(golden);
        double tolerance = tolerance(golden);
        Golden.near("outputs", passage.outputs().value(), Golden.array(golden, "output"), tolerance);
        Golden.near("h_n", h(passage.last()), Golden.array(golden, "h_n"), tolerance);
        if (golden.containsKey("c_n")) {
            Golden.near("c_n", c(passage.last()), Golden.array(golden, "c_n"), tolerance);
        }
    }

    @Test
    void firstStatesAreInTheOrderOfPyTorch() {
        Map<String, NDArray> golden = Trained.LSTM.golden();
        Map<String, NDArray> expected = Golden.arrays("torch-lstm-first-states.safetensors");
        List<Lstm.State> first = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            first.add(new Lstm.State(
                    tensor(expected, "h_0").get(0, i), tensor(expected, "c_0").get(0, i)));
        }
        Layers.Passage<Lstm.State> passage =
                TorchWeights.of(weights(golden)).lstm("rnn").run(tensor(golden, "x"), tensor(golden, "lengths"), first);
        Golden.near("output", passage.outputs().value(), Golden.array(expected, "output"), 1e-12);
        Golden.near("h_n", h(passage.last()), Golden.array(expected, "h_n"), 1e-12);
        Golden.near("c_n", c(passage.last()), Golden.array(expected, "c_n"), 1e-12);
    }

    private static NDArray h(List<?> states) {
        return stacked(states, state -> state instanceof Lstm.State lstm ? lstm.h() : (Tensor) state);
    }

    private static NDArray c(List<?> states) {
        return stacked(states, state -> ((Lstm.State) state).c());
    }

    private static NDArray stacked(List<?> states, Function<Object, Tensor> part) {
        List<Tensor> parts = new ArrayList<>();
        states.forEach(state -> parts.add(part.apply(state)));
        return Tensor.stack(0, parts).value();
    }

    @ParameterizedTest
    @EnumSource(Trained.class)
    void lossesGradientsAndWeightsOfTenStepsAreThoseOfPyTorch(Trained trained) {
        Map<String, NDArray> golden = trained.golden();
        TorchWeights weights = TorchWeights.of(weights(golden));
        Tagger tagger = new Tagger(trained.read(weights), weights.linear("head"));
        Adam adam = Adam.of(tagger, 0.05);
        double[] losses = new double[10];
        double tolerance = tolerance(golden);
        for (int i = 0; i < losses.length; i++) {
            Step step = adam.step(tagger.loss(golden));
            losses[i] = step.loss();
            if (i == 0) {
                Golden.near(weights.arrays(step::gradient), Golden.below(golden, "gradient."), tolerance);
            }
        }
        double afterSteps = tolerance < 1e-9 ? tolerance : 1e-5;
        Golden.near("losses", NDArray.of(losses), Golden.array(golden, "losses"), afterSteps);
        Golden.near(weights.arrays(), Golden.below(golden, "after."), afterSteps);
    }

    @ParameterizedTest
    @EnumSource(Trained.class)
    void whatWasReadIsWrittenToTheLastBit(Trained trained) {
        Map<String, NDArray> golden = weights(trained.golden());
        TorchWeights weights = TorchWeights.of(golden);
        Layers<?> rnn = trained.read(weights);
        Linear head = weights.linear("head");
        assertThat(weights.arrays()).isEqualTo(golden);
        TorchWeights written = TorchWeights.create();
        written.put("rnn", rnn);
        written.put("head.", head);
        assertThat(written.arrays()).isEqualTo(golden);
    }

    @Test
    void layersAreThoseOfPyTorchAndAreWrittenToTheLastBit() {
        Map<String, NDArray> golden = Golden.arrays("torch-layers.safetensors");
        TorchWeights weights = TorchWeights.of(weights(golden));
        Tensor x = tensor(golden, "x");
        Tensor h = tensor(golden, "h");
        Lstm.State state = new Lstm.State(h, tensor(golden, "c"));
        Lstm.State next = weights.lstmCell("lstm").step(x, state).state();
        RnnCell bare = weights.rnnCell("bare", RnnCell.Activation.RELU);
        Map<String, Tensor> found = Map.of(
                "lstm.h", next.h(),
                "lstm.c", next.c(),
                "gru.h", weights.gruCell("gru").step(x, h).state(),
                "rnn.h", weights.rnnCell("rnn", RnnCell.Activation.TANH).next(x, h),
                "bare.h", bare.next(x, h),
                "embedding.y", weights.embedding("embedding").of(tensor(golden, "i")),
                "norm.y", weights.layerNorm("norm").of(h),
                "wide.y", weights.layerNorm("wide", 1e-2).of(tensor(golden, "w")),
                "linear.y", weights.linear("linear").of(x),
                "matrix.y", weights.projection("matrix").of(x));
        weights.requireAllRead();
        found.forEach((name, tensor) -> Golden.near(name, tensor.value(), Golden.array(golden, name), 1e-12));
        assertThat(weights.arrays()).isEqualTo(weights(golden));
        assertThat(weights).hasToString("weights of PyTorch: 22 names of parameters, 0 unread");
    }

    /** Made in f64 by NumPy from the equations in PyTorch's documentation, not by PyTorch. */
    @ParameterizedTest
    @EnumSource(names = {"LSTM", "GRU"})
    void equationsOfTheDocumentationGiveTheSame(Trained trained) {
        String file = trained == Trained.LSTM ? "torch_lstm" : "torch_gru";
        JsonObject json = Golden.json(file + ".json");
        Map<String, NDArray> arrays = Golden.arrays(file + ".safetensors");
        TorchWeights weights = TorchWeights.of(arrays);
        Layers<?> rnn = trained == Trained.LSTM ? weights.lstm("") : weights.gru("");
        weights.requireAllRead();
        assertThat(weights.arrays()).isEqualTo(arrays);
        DType dtype = arrays.values().iterator().next().dtype();
        double[] lengths = Golden.numbers(json.getAsJsonArray("lengths"));
        Tensor x = Tensor.of(
                Golden.array(json, "x_time_batch_input").permute(1, 0, 2).cast(dtype));
        int[] ends = {(int) lengths[0], (int) lengths[1], (int) lengths[2]};
        Layers.Passage<?> passage = rnn.run(x, ends);
        double tolerance = dtype == DType.F64 ? 1e-12 : 1e-6;
        Golden.near("output", passage.outputs().value().permute(1, 0, 2), Golden.array(json, "output"), tolerance);
        Golden.near("h_n", h(passage.last()), Golden.array(json, "h_n"), tolerance);
        if (trained == Trained.LSTM) {
            Golden.near("c_n", c(passage.last()), Golden.array(json, "c_n"), tolerance);
        }
        assertThat(passage.outputs().shape())
                .isEqualTo(Shape.of(3, x.shape().length(1), trained == Trained.LSTM ? 10 : 6));
    }
}
