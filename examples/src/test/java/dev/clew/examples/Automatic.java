package dev.clew.examples;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CountingByHand;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.MultiLabelByHand;
import dev.clew.examples.byhand.SquaredErrorByHand;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Op;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The models of the examples, asked for all that the networks by hand give. */
public final class Automatic {
    private Automatic() {}

    /** The alphabet and hello networks. */
    public static Gradient gradient(CharacterRnnByHand.Weights w, int[] inputs, int[] targets, double[] h0) {
        Alphabet.Model model = Alphabet.Model.of(w);
        Tensor start = row(h0);
        return gradient(model.loss(start, inputs, targets), Layout.COLUMNS, model.named(), Unary.TANH, start);
    }

    /** States, logits and probabilities, one row per step. */
    public static CharacterRnnByHand.Forward forward(CharacterRnnByHand.Weights w, int[] inputs, double[] h0) {
        List<Tensor> logits = Alphabet.Model.of(w).logits(row(h0), inputs);
        return new CharacterRnnByHand.Forward(
                rows(states(logits, Unary.TANH)),
                rows(logits),
                rows(logits.stream().map(each -> each.softmax(-1)).toList()));
    }

    /** The squared-error network. */
    public static Gradient gradient(SquaredErrorByHand.Weights w, int[] inputs, int[] targets, double[] h0) {
        SquaredError.Model model = SquaredError.Model.of(w);
        Tensor start = Tensor.of(h0);
        return gradient(model.loss(start, inputs, targets), Layout.COLUMNS, model.named(), Unary.TANH, start);
    }

    /** States and outputs, one row per step. */
    public static SquaredErrorByHand.Forward forward(SquaredErrorByHand.Weights w, int[] inputs, double[] h0) {
        List<Tensor> outputs = SquaredError.Model.of(w).outputs(Tensor.of(h0), inputs);
        return new SquaredErrorByHand.Forward(rows(states(outputs, Unary.TANH)), rows(outputs));
    }

    /** The multi-label network. */
    public static Gradient gradient(
            MultiLabelByHand.Weights w, double[][] inputs, double[][] targets, double[] h0, double epsilon) {
        MultiLabel.Model model = MultiLabel.Model.of(w);
        Tensor start = row(h0);
        return gradient(model.loss(start, inputs, targets, epsilon), Layout.ROWS, model.named(), Unary.TANH, start);
    }

    /** States, logits and probabilities, one row per step. */
    public static MultiLabelByHand.Forward forward(MultiLabelByHand.Weights w, double[][] inputs, double[] h0) {
        MultiLabel.Model model = MultiLabel.Model.of(w);
        List<Tensor> shares = model.shares(row(h0), inputs);
        List<Tensor> states = states(shares, Unary.TANH);
        return new MultiLabelByHand.Forward(
                rows(states), rows(states.stream().map(model.head()::of).toList()), rows(shares));
    }

    /** The counting network; {@code hidden} is ∂L/∂z as there. */
    public static Gradient gradient(
            CountingByHand.Weights w, double[][] inputs, double[] targets, double[] s0, Variant variant) {
        Counting.Model model = model(w);
        Tensor start = Tensor.of(s0);
        Tensor loss = model.loss(start, inputs, targets, variant);
        Gradients gradients = Gradients.of(loss);
        double[][] byState = rows(
                states(List.of(loss), Binary.PLUS).stream().map(gradients::wrt).toList());
        double[] perStep = new double[byState.length];
        if (perStep.length > 0) {
            perStep[perStep.length - 1] = loss.item();
        }
        Map<String, double[][]> parameters = CountingByHand.Weights.of(
                        gradients.wrt(model.wx()).item(),
                        gradients.wrt(model.wrec()).item())
                .asMap();
        return new Gradient(
                loss.item(),
                perStep,
                parameters,
                byState,
                gradients.wrt(start).value().toDoubles());
    }

    /** The states, one row per step. */
    public static double[][] forward(CountingByHand.Weights w, double[][] inputs, double[] s0, Variant variant) {
        Tensor last = model(w).last(Tensor.of(s0), inputs, variant);
        List<Tensor> states = new ArrayList<>(states(List.of(last), Binary.PLUS));
        if (variant == Variant.SIGMOID && !states.isEmpty()) {
            states = new ArrayList<>(states(List.of(last), Unary.SIGMOID));
            states.add(last);
        }
        return rows(states);
    }

    private static Counting.Model model(CountingByHand.Weights w) {
        return new Counting.Model(Parameter.of(w.wx()[0][0]), Parameter.of(w.wrec()[0][0]));
    }

    private static Gradient gradient(
            Tensor loss, Layout layout, Map<String, Parameter> parameters, Op state, Tensor start) {
        Gradients gradients = Gradients.of(loss);
        double[] lossPerStep = terms(loss);
        return new Gradient(
                loss.item(),
                lossPerStep,
                layout.matrices(
                        parameters, parameter -> gradients.wrt(parameter).value()),
                rows(states(List.of(loss), state).stream().map(gradients::wrt).toList()),
                gradients.wrt(start).value().toDoubles());
    }

    /** The nodes of an operation, in the order of the steps. */
    private static List<Tensor> states(List<Tensor> outputs, Op op) {
        return Graph.of(outputs).nodes().stream()
                .filter(node -> node.op().equals(op))
                .toList();
    }

    /** What each step adds to a loss that is built as loss + term or loss − term. */
    private static double[] terms(Tensor loss) {
        List<Double> terms = new ArrayList<>();
        Tensor sum = loss;
        while (sum.op() == Binary.PLUS || sum.op() == Binary.MINUS) {
            double term = sum.input(1).item();
            terms.add(sum.op() == Binary.PLUS ? term : -term);
            sum = sum.input(0);
        }
        return ImmutableList.copyOf(terms).reverse().stream()
                .mapToDouble(term -> term)
                .toArray();
    }

    private static Tensor row(double[] numbers) {
        return Tensor.of(NDArray.of(numbers).reshape(Shape.of(1, numbers.length)));
    }

    private static double[][] rows(List<Tensor> tensors) {
        return Tensor.values(tensors.toArray(new Tensor[0])).stream()
                .map(NDArray::toDoubles)
                .toArray(double[][]::new);
    }
}
