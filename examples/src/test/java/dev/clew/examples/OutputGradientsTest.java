package dev.clew.examples;

import static dev.clew.tensor.Tensor.oneHot;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.array.Shape;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.MultiLabelTest;
import dev.clew.examples.byhand.SquaredErrorTest;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gradient can be asked for at any node: here, at what the networks put out at every step. */
class OutputGradientsTest {

    @Test
    void ofTheSquaredErrorNetworkAreGolden() {
        for (JsonObject one : Golden.cases(Golden.read("squared_error.json"))) {
            SquaredError.Model model = SquaredError.Model.of(SquaredErrorTest.weights(one));
            int[] targets = Golden.integers(one.get("targets"));
            List<Tensor> outputs = model.outputs(model.start(), Golden.integers(one.get("inputs")));
            Tensor loss = Tensor.of(0.0);
            for (int t = 0; t < targets.length; t++) {
                Tensor error = outputs.get(t).minus(oneHot(targets[t], 5));
                loss = loss.plus(error.square().sum().times(0.5));
            }
            Expect.near(
                    rows(Gradients.of(loss), outputs),
                    one.getAsJsonObject("grad_true_per_step").get("dL_dy_hat"),
                    1e-10,
                    one.get("name").getAsString());
        }
    }

    @Test
    void ofTheMultiLabelNetworkAreGolden() {
        JsonObject golden = Golden.read("multi_label.json");
        for (JsonObject one : Golden.cases(golden)) {
            MultiLabel.Model model = MultiLabel.Model.of(MultiLabelTest.weights(golden, one));
            Tensor start = Tensor.of(Golden.vector(one.get("h_prev"))).expandDims(0);
            Tensor loss = model.loss(start, Golden.matrix(golden.get("X")), Golden.matrix(one.get("targets")), 1e-8);
            List<Tensor> logits = Graph.of(List.of(loss)).nodes().stream()
                    .filter(node -> node.op().equals(Binary.PLUS))
                    .filter(node -> node.shape().equals(Shape.of(1, 3)))
                    .filter(node -> node.input(0).op() instanceof Contraction.MatMul)
                    .toList();
            assertThat(logits).hasSize(4);
            Expect.near(
                    rows(Gradients.of(loss), logits),
                    one.getAsJsonObject("grad_true_per_step").get("dL_dlogits"),
                    1e-10,
                    one.get("name").getAsString());
        }
    }

    private static double[][] rows(Gradients gradients, List<Tensor> outputs) {
        return outputs.stream()
                .map(output -> gradients.wrt(output).value().toDoubles())
                .toArray(double[][]::new);
    }
}
