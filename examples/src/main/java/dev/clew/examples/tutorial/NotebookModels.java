package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.Unrolled;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks of the five notebooks in Clew, each in the names and the layout of its notebook. */
final class NotebookModels {
    private NotebookModels() {}

    /** The alphabet and hello networks, of {@code CharacterRnnByHand}. */
    static Unrolled character(Map<String, Tensor> numbers, int[] inputs, int[] targets) {
        Tensor u = Named.get(numbers, "U");
        Tensor h = Named.get(numbers, "h0");
        Tensor loss = Tensor.of(0.0);
        List<Tensor> symbols = new ArrayList<>();
        List<Tensor> states = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        for (int t = 0; t < inputs.length; t++) {
            Tensor x = oneHot(inputs[t], u.shape().length(1));
            Tensor z = u.matmul(x).plus(Named.get(numbers, "W").matmul(h)).plus(Named.get(numbers, "b"));
            h = z.tanh();
            Tensor o = Named.get(numbers, "V").matmul(h).plus(Named.get(numbers, "c"));
            loss = loss.plus(LossAt.crossEntropy(o, targets[t]));
            symbols.add(x);
            states.add(h);
            logits.add(o);
        }
        return Unrolled.of(loss, Named.only(numbers, "U", "W", "b", "V", "c"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", symbols)
                .withSteps("h", states)
                .withSteps("o", logits);
    }

    /** The squared-error network, of {@code SquaredErrorByHand}. */
    static Unrolled squaredError(Map<String, Tensor> numbers, int[] inputs, int[] targets) {
        Tensor wxh = Named.get(numbers, "Wxh");
        Tensor why = Named.get(numbers, "Why");
        Tensor h = Named.get(numbers, "h0");
        Tensor loss = Tensor.of(0.0);
        List<Tensor> symbols = new ArrayList<>();
        List<Tensor> states = new ArrayList<>();
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < inputs.length; t++) {
            Tensor x = oneHot(inputs[t], wxh.shape().length(1));
            Tensor z = wxh.matmul(x).plus(Named.get(numbers, "Whh").matmul(h)).plus(Named.get(numbers, "bh"));
            h = z.tanh();
            Tensor o = why.matmul(h).plus(Named.get(numbers, "by"));
            Tensor target = oneHot(targets[t], why.shape().length(0));
            loss = loss.plus(o.minus(target).square().sum().div(2));
            symbols.add(x);
            states.add(h);
            outputs.add(o);
        }
        return Unrolled.of(loss, Named.only(numbers, "Wxh", "Whh", "Why", "bh", "by"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", symbols)
                .withSteps("h", states)
                .withSteps("o", outputs);
    }

    /** The counting network, of {@code CountingByHand}; the last step is linear in both variants. */
    static Unrolled counting(Map<String, Tensor> numbers, Variant variant) {
        Tensor s = Named.get(numbers, "s0");
        List<Tensor> inputs = Named.steps(numbers, "x");
        List<Tensor> sums = new ArrayList<>();
        for (int t = 0; t < inputs.size(); t++) {
            Tensor z = inputs.get(t).times(Named.get(numbers, "wx")).plus(s.times(Named.get(numbers, "wrec")));
            boolean isBent = variant == Variant.SIGMOID && t < inputs.size() - 1;
            s = isBent ? z.sigmoid() : z;
            sums.add(z);
        }
        Tensor loss = s.minus(Named.get(numbers, "y")).square().mean();
        return Unrolled.of(loss, Named.only(numbers, "wx", "wrec"))
                .withInitial("s0", Named.get(numbers, "s0"))
                .withSteps("x", inputs)
                .withSteps("z", sums);
    }

    /** The multi-label network, of {@code MultiLabelByHand}. */
    static Unrolled multiLabel(Map<String, Tensor> numbers, double epsilon) {
        Tensor h = Named.get(numbers, "h0");
        Tensor loss = Tensor.of(0.0);
        List<Tensor> inputs = Named.steps(numbers, "x");
        List<Tensor> targets = Named.steps(numbers, "y");
        List<Tensor> states = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        List<Tensor> shares = new ArrayList<>();
        for (int t = 0; t < inputs.size(); t++) {
            Tensor sum = inputs.get(t).matmul(Named.get(numbers, "Wx")).plus(h.matmul(Named.get(numbers, "Wh")));
            h = sum.plus(Named.get(numbers, "bh")).tanh();
            Tensor o = h.matmul(Named.get(numbers, "Wy")).plus(Named.get(numbers, "by"));
            Tensor p = o.softmax(-1);
            loss = loss.minus(targets.get(t).times(p.plus(epsilon).log()).sum());
            states.add(h);
            logits.add(o);
            shares.add(p);
        }
        return Unrolled.of(loss, Named.only(numbers, "Wh", "Wx", "Wy", "bh", "by"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", inputs)
                .withSteps("h", states)
                .withSteps("o", logits)
                .withSteps("p", shares);
    }

    private static Tensor oneHot(int index, int classes) {
        double[] numbers = new double[classes];
        numbers[index] = 1;
        return Tensor.of(NDArray.of(Shape.of(classes, 1), numbers));
    }
}
