package dev.clew.examples.audit;

import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The cells that have a name here. Every step is a map of what it computes, by the letters of the formulas: the next states {@code h}
 * and, for an LSTM, {@code c}; the gates; and, with an {@code a} in front, what goes into their activations.
 */
enum Cell {
    /** h' = tanh(Wx·x + Wh·h + b). */
    RNN("rnn", "h"),
    /** h' = σ(Wx·x + Wh·h + b). */
    RNN_SIGMOID("rnn-sigmoid", "h"),
    /** h' = max(0, Wx·x + Wh·h + b). */
    RNN_RELU("rnn-relu", "h"),
    /** i, f, o = σ(...), g = tanh(...), c' = f∘c + i∘g, h' = o∘tanh(c'). */
    LSTM("lstm", "ifgo"),
    /** r, z = σ(...), n = tanh(Wx·x + b + r∘(Wh·h + b2)), h' = (1 − z)∘n + z∘h: the reset comes after the product, as in PyTorch. */
    GRU("gru", "rzn"),
    /** n = tanh(Wx·x + Wh·(r∘h) + b): the reset comes before the product, as in the first paper. */
    GRU_V1("gru-v1", "rzn");

    private final String label;
    private final String gates;

    Cell(String label, String gates) {
        this.label = label;
        this.gates = gates;
    }

    /** A letter for each gate, in PyTorch's order. */
    String gates() {
        return gates;
    }

    /** Whether it is one formula without gates. */
    boolean isPlain() {
        return gates.length() == 1;
    }

    /** What is carried from step to step. */
    List<String> states() {
        return this == LSTM ? List.of("h", "c") : List.of("h");
    }

    /** What a step computes, by letter. */
    List<String> letters() {
        return switch (this) {
            case RNN, RNN_SIGMOID, RNN_RELU -> List.of("a", "h");
            case LSTM -> List.of("ai", "af", "ag", "ao", "i", "f", "g", "o", "c", "h");
            case GRU, GRU_V1 -> List.of("ar", "az", "an", "r", "z", "n", "h");
        };
    }

    /** As the option has it. */
    @Override
    public String toString() {
        return label;
    }

    /**
     * One step.
     *
     * @param before the states, by letter
     * @param updateNew whether a GRU's z is the share of the new state, h' = (1 − z)∘h + z∘n
     */
    Map<String, Tensor> step(Weights weights, Tensor x, Map<String, Tensor> before, boolean updateNew) {
        Tensor h = Step.state(before, "h");
        return switch (this) {
            case RNN -> plain(weights, x, h, Tensor::tanh);
            case RNN_SIGMOID -> plain(weights, x, h, Tensor::sigmoid);
            case RNN_RELU -> plain(weights, x, h, Tensor::relu);
            case LSTM -> longShortTerm(weights, x, h, Step.state(before, "c"));
            case GRU -> resetAfter(weights, x, h, updateNew);
            case GRU_V1 -> resetBefore(weights, x, h, updateNew);
        };
    }

    private static Map<String, Tensor> plain(Weights weights, Tensor x, Tensor h, UnaryOperator<Tensor> activation) {
        Tensor a = weights.sums("h", x, h).getFirst();
        return Step.of("a", a).with("h", activation.apply(a)).values();
    }

    private static Map<String, Tensor> longShortTerm(Weights weights, Tensor x, Tensor h, Tensor c) {
        List<Tensor> a = weights.sums("ifgo", x, h);
        Tensor i = a.get(0).sigmoid();
        Tensor f = a.get(1).sigmoid();
        Tensor g = a.get(2).tanh();
        Tensor o = a.get(3).sigmoid();
        Tensor next = f.times(c).plus(i.times(g));
        return Step.of("ai", a.get(0))
                .with("af", a.get(1))
                .with("ag", a.get(2))
                .with("ao", a.get(3))
                .with("i", i)
                .with("f", f)
                .with("g", g)
                .with("o", o)
                .with("c", next)
                .with("h", o.times(next.tanh()))
                .values();
    }

    private static Map<String, Tensor> resetAfter(Weights weights, Tensor x, Tensor h, boolean updateNew) {
        List<Tensor> ofX = weights.ofInput("rzn", x);
        List<Tensor> ofH = weights.ofState("rzn", h);
        Tensor ar = ofX.get(0).plus(ofH.get(0));
        Tensor az = ofX.get(1).plus(ofH.get(1));
        Tensor r = ar.sigmoid();
        Tensor an = ofX.get(2).plus(r.times(ofH.get(2)));
        return mixed(Step.of("ar", ar).with("az", az).with("an", an).with("r", r), az.sigmoid(), an, h, updateNew);
    }

    private static Map<String, Tensor> resetBefore(Weights weights, Tensor x, Tensor h, boolean updateNew) {
        List<Tensor> a = weights.sums("rz", x, h);
        Tensor r = a.get(0).sigmoid();
        Tensor an = weights.sums("n", x, r.times(h)).getFirst();
        Step step = Step.of("ar", a.get(0)).with("az", a.get(1)).with("an", an).with("r", r);
        return mixed(step, a.get(1).sigmoid(), an, h, updateNew);
    }

    private static Map<String, Tensor> mixed(Step step, Tensor z, Tensor an, Tensor h, boolean updateNew) {
        Tensor n = an.tanh();
        Tensor keep = z.negate().plus(1);
        Tensor next = updateNew ? keep.times(h).plus(z.times(n)) : keep.times(n).plus(z.times(h));
        return step.with("z", z).with("n", n).with("h", next).values();
    }

    /** What a step computes, in the order of its formulas. */
    private record Step(Map<String, Tensor> values) {
        static Step of(String letter, Tensor value) {
            return new Step(new LinkedHashMap<>()).with(letter, value);
        }

        Step with(String letter, Tensor value) {
            values.put(letter, value);
            return this;
        }

        static Tensor state(Map<String, Tensor> states, String letter) {
            Tensor state = states.get(letter);
            if (state == null) {
                throw new IllegalArgumentException("a step from " + states.keySet() + ": there is no state " + letter);
            }
            return state;
        }
    }
}
