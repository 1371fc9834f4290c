package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Twelve wrong gradients out of code that people read, and three right ones that readers took for wrong. */
public final class Tutorials {
    private static final String LSTM_FROM_SCRATCH = "nicklashansen/rnn_lstm_from_scratch";

    private static final String COURSE = "a first version of a widely copied course notebook";

    private static final String FORGET_WITHOUT_PARENTHESES =
            "δf = dc_next ⊙ c_{t−1} + o_t ⊙ (1 − tanh² c_t) ⊙ c_{t−1} ⊙ dh_t ⊙ f_t ⊙ (1 − f_t)";

    private static final String FORGET_WITH_PARENTHESES =
            "δf = (dc_next ⊙ c_{t−1} + o_t ⊙ (1 − tanh² c_t) ⊙ c_{t−1} ⊙ dh_t) ⊙ f_t ⊙ (1 − f_t)";

    private Tutorials() {}

    /** All fifteen, the wrong ones first, those of the same network together. */
    public static List<Tutorial> all() {
        return List.of(
                notTransposed(),
                tanhOfTanh(),
                wrappedIndex(),
                addedToItself(),
                noRecurrentPath(),
                dividedSources(),
                sigmoidAgain(),
                nothingHandedOn(),
                cellAssigned(),
                lastInputOnly(),
                noParentheses(),
                cellLossForgotten(),
                activationInTanhDerivative(),
                carryAddedTo(),
                partialForTotal());
    }

    private static Tutorial notTransposed() {
        return vanilla(
                        "recurrent weight without transpose",
                        "vzhou842/rnn-from-scratch",
                        "dh_{t−1} = Wh δ_t",
                        "dh_{t−1} = Whᵀ δ_t",
                        LossAt.LAST_STEP,
                        () -> new VanillaRnn(VanillaRnn.Variant.NOT_TRANSPOSED, LossAt.LAST_STEP))
                .expecting("missing transpose: Wh stands where Whᵀ belongs");
    }

    private static Tutorial tanhOfTanh() {
        return vanilla(
                        "derivative of tanh at the activation",
                        LSTM_FROM_SCRATCH,
                        "δ_t = (1 − tanh(h_t)²) ⊙ dh_t",
                        "δ_t = (1 − h_t²) ⊙ dh_t",
                        LossAt.EVERY_STEP,
                        () -> withoutInitial(new VanillaRnn(VanillaRnn.Variant.TANH_OF_TANH, LossAt.EVERY_STEP)))
                .expecting("tanh′(h_t) stands where tanh′(a_t) belongs…");
    }

    private static Tutorial wrappedIndex() {
        return vanilla(
                        "index −1 wraps to the last state",
                        LSTM_FROM_SCRATCH,
                        "dWh += δ_0 h_{T−1}ᵀ at t = 0",
                        "dWh += δ_0 h_initᵀ at t = 0",
                        LossAt.EVERY_STEP,
                        () -> withoutInitial(new VanillaRnn(VanillaRnn.Variant.WRAPPED_INDEX, LossAt.EVERY_STEP)))
                .expecting("index −1 wraps: at the first step the last of all stands where h_{t−1} belongs…");
    }

    private static Tutorial addedToItself() {
        return vanilla(
                        "bias gradient added to itself",
                        "javaidnabi31/RNN-from-scratch, issue 2",
                        "dc = dc + dc",
                        "dc += p_t − y_t",
                        LossAt.EVERY_STEP,
                        () -> new VanillaRnn(VanillaRnn.Variant.ADDED_TO_ITSELF, LossAt.EVERY_STEP))
                .expecting("the gradient of c is dropped: it stays 0…");
    }

    private static Tutorial noRecurrentPath() {
        return vanilla(
                        "no recurrent path",
                        "microsoft/ai-edu, an early text",
                        "dh_t = Wyᵀ (p_t − y_t)",
                        "dh_t = Wyᵀ (p_t − y_t) + Whᵀ δ_{t+1}",
                        LossAt.EVERY_STEP,
                        () -> withoutInitial(new VanillaRnn(VanillaRnn.Variant.NO_RECURRENT_PATH, LossAt.EVERY_STEP)))
                .expecting("no recurrent path…dh_t…");
    }

    private static Tutorial dividedSources() {
        return new Tutorial(
                        "sources divided between the weights",
                        "a vignette of the CRAN package rnn",
                        "dU += Vᵀ (p_t − y_t) x_tᵀ, dW += Wᵀ δ_{t+1} h_{t−1}ᵀ",
                        "δ_t = (Vᵀ (p_t − y_t) + Wᵀ δ_{t+1}) ⊙ h_t ⊙ (1 − h_t), dU += δ_t x_tᵀ, dW += δ_t h_{t−1}ᵀ",
                        false,
                        List.of(),
                        Models::sigmoid,
                        Models::sigmoidPoint,
                        () -> withoutInitial(new SigmoidRnn(SigmoidRnn.Variant.DIVIDED_SOURCES)))
                .expecting("dU sees only one of its sources…", "dW sees only one of its sources…");
    }

    private static Tutorial sigmoidAgain() {
        return lstm(
                        "sigmoid again for its derivative",
                        LSTM_FROM_SCRATCH + " and two descendants",
                        "δf = dc_t ⊙ c_{t−1} ⊙ σ(f_t)",
                        "δf = dc_t ⊙ c_{t−1} ⊙ f_t ⊙ (1 − f_t)",
                        () -> withoutInitial(new Lstm(Lstm.Variant.SIGMOID_AGAIN)))
                .expecting("the function again where its derivative belongs: σ(f…) for σ′(af…)");
    }

    private static Tutorial nothingHandedOn() {
        return lstm(
                        "nothing handed on to the step before",
                        LSTM_FROM_SCRATCH + " and two descendants",
                        "dh_next and dc_next stay 0",
                        "dh_next = dh_prev, dc_next = dc_prev",
                        () -> withoutInitial(new Lstm(Lstm.Variant.NOTHING_HANDED_ON)))
                .expecting("no recurrent path at all…");
    }

    private static Tutorial cellAssigned() {
        return lstm(
                        "cell gradient assigned",
                        "hanbt/learn_dl; apache/mxnet issue 4057",
                        "dc_t = dh_t ⊙ o_t ⊙ (1 − tanh² c_t)",
                        "dc_t = dh_t ⊙ o_t ⊙ (1 − tanh² c_t) + dc_{t+1} ⊙ f_{t+1}",
                        () -> withoutInitial(new Lstm(Lstm.Variant.CELL_ASSIGNED)))
                .expecting("no recurrent path…dc…");
    }

    private static Tutorial lastInputOnly() {
        return lstm(
                        "input weights from the last step only",
                        "hanbt/learn_dl",
                        "the columns of x in dW: δ_T x_Tᵀ",
                        "the columns of x in dW: Σ_t δ_t x_tᵀ",
                        () -> withoutInitial(new Lstm(Lstm.Variant.LAST_INPUT_ONLY)))
                .expecting(
                        "only the last step counts…Wf…",
                        "only the last step counts…Wi…",
                        "only the last step counts…Wg…",
                        "only the last step counts…Wo…");
    }

    private static Tutorial noParentheses() {
        return lstm(
                        "parentheses missing round the sum",
                        COURSE,
                        FORGET_WITHOUT_PARENTHESES
                                + "; so too in δi, with g_t and i_t, and in δg, with i_t and 1 − g_t²",
                        FORGET_WITH_PARENTHESES + "; so too in δi and δg",
                        () -> withoutInitialCell(new Lstm(Lstm.Variant.NO_PARENTHESES)))
                .expecting("a parenthesis is missing in daf…dai…dag…");
    }

    /** The same with one gate wrong and the others right: not among {@link #all}. */
    public static Tutorial noParenthesesInForgetGate() {
        return lstm(
                        "parentheses missing round the sum of the forget gate",
                        COURSE + ", one line of three",
                        FORGET_WITHOUT_PARENTHESES,
                        FORGET_WITH_PARENTHESES,
                        () -> withoutInitialCell(new Lstm(Lstm.Variant.NO_PARENTHESES_IN_FORGET_GATE)))
                .expecting("a parenthesis is missing in daf…");
    }

    private static Tutorial cellLossForgotten() {
        return new Tutorial(
                        "loss on the last cell forgotten",
                        "deeplearning4j issue 8838",
                        "dc_T = dh_T ⊙ o_T ⊙ (1 − tanh² c_T)",
                        "dc_T = dh_T ⊙ o_T ⊙ (1 − tanh² c_T) + ∂L/∂c_T",
                        false,
                        List.of(),
                        numbers -> Models.lstm(numbers, true),
                        Models::lstmPoint,
                        () -> new Lstm(Lstm.Variant.CELL_LOSS_FORGOTTEN))
                .expecting("left out of dc…: …c_t…");
    }

    private static Tutorial activationInTanhDerivative() {
        String line = "δ_t = dh_t ⊙ (1 − h_t²), with h_t the activation";
        return vanilla(
                "right: derivative of tanh by the activation",
                "questions of readers",
                line,
                line,
                LossAt.EVERY_STEP,
                () -> new VanillaRnn(VanillaRnn.Variant.RIGHT, LossAt.EVERY_STEP));
    }

    private static Tutorial carryAddedTo() {
        String line = "dc_next += dh_t ⊙ o_t ⊙ (1 − tanh² c_t), and dc_t is dc_next";
        return lstm(
                "right: added to the carry",
                "questions of readers",
                line,
                line,
                () -> new Lstm(Lstm.Variant.CARRY_ADDED_TO));
    }

    private static Tutorial partialForTotal() {
        String line = "∂L/∂Wh = Σ_t Σ_{k≤t} ∂L_t/∂h_t · ∂h_t/∂h_k · ∂⁺h_k/∂Wh, with ∂h_t/∂h_k in total";
        return vanilla(
                "right: partial where total is meant",
                "questions of readers",
                line,
                line,
                LossAt.EVERY_STEP,
                JacobianProducts::new);
    }

    private static Tutorial vanilla(
            String name, String source, String written, String right, LossAt lossAt, Supplier<HandWritten> code) {
        return new Tutorial(
                name,
                source,
                written,
                right,
                written.equals(right),
                List.of(),
                numbers -> Models.vanilla(numbers, lossAt),
                Models::vanillaPoint,
                code);
    }

    private static Tutorial lstm(String name, String source, String written, String right, Supplier<HandWritten> code) {
        return new Tutorial(
                name,
                source,
                written,
                right,
                written.equals(right),
                List.of(),
                numbers -> Models.lstm(numbers, false),
                Models::lstmPoint,
                code);
    }

    /** Where the code does not tell the gradient of the initial states. */
    private static HandWritten withoutInitial(HandWritten code) {
        return without(List.of("h0", "c0"), code);
    }

    private static HandWritten withoutInitialCell(HandWritten code) {
        return without(List.of("c0"), code);
    }

    private static HandWritten without(List<String> names, HandWritten code) {
        return point -> {
            ByHand all = code.run(point);
            Map<String, NDArray> gradients = new LinkedHashMap<>(all.gradients());
            gradients.keySet().removeAll(names);
            return new ByHand(gradients, all.adjoints(), all.activations(), all.loss());
        };
    }
}
