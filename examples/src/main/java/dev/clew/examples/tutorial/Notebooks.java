package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.examples.byhand.CountingByHand.Variant;
import java.util.List;
import java.util.Map;

/** The five notebooks' gradients as published, with all their mistakes: see {@code dev.clew.examples.notebook}. */
public final class Notebooks {
    private static final double EPSILON = 1e-8;
    private static final int STEPS_OF_ALPHABET = 26;

    private Notebooks() {}

    /** All of them, with the sequences of the notebooks; the counting network twice. */
    public static List<Tutorial> all() {
        return List.of(
                alphabet(symbols(0, STEPS_OF_ALPHABET), symbols(1, STEPS_OF_ALPHABET), 16),
                hello(new int[] {0, 1, 2, 2}, new int[] {1, 2, 2, 3}),
                squaredError(new int[] {1, 3, 3}, new int[] {0, 2, 1}),
                countingLinear(),
                countingSigmoid(),
                multiLabel());
    }

    /** {@code first}, {@code first + 1}, ... of the letters A = 0 to Z = 25, with A after Z. */
    private static int[] symbols(int first, int count) {
        int[] symbols = new int[count];
        for (int t = 0; t < count; t++) {
            symbols[t] = (first + t) % 26;
        }
        return symbols;
    }

    /** The alphabet network on one sequence of letters, A = 0; points have this many units. */
    public static Tutorial alphabet(int[] inputs, int[] targets, int units) {
        return new Tutorial(
                        "alphabet",
                        "notebook 000",
                        "the gradients of W, b, V, c are never set to 0, nor is Wᵀ δ_0 at the end; U's goes into U itself",
                        "both begin at 0 in every call; dU += δ_t x_tᵀ",
                        false,
                        List.of(),
                        numbers -> NotebookModels.character(numbers, inputs, targets),
                        key -> characterPoint(key, units, 26),
                        () -> NotebookCode.alphabet(inputs, targets))
                .expecting(
                        "the gradient of U is dropped: it stays 0…", "…W…the call before…", "…carr…the call before…");
    }

    /** The "hello" network on one sequence of h, e, l, o = 0 to 3. */
    public static Tutorial hello(int[] inputs, int[] targets) {
        return new Tutorial(
                        "hello",
                        "notebook 001",
                        "dh_t = Vᵀ (p_t − y_t); dW += δ_t h_tᵀ",
                        "dh_t = Vᵀ (p_t − y_t) + Wᵀ δ_{t+1}; dW += δ_t h_{t−1}ᵀ",
                        false,
                        List.of(),
                        numbers -> NotebookModels.character(numbers, inputs, targets),
                        key -> characterPoint(key, 8, 4),
                        () -> NotebookCode.hello(inputs, targets))
                .expecting("no recurrent path…dh_t", "h_t stands where h_{t−1} belongs…");
    }

    private static Map<String, NDArray> characterPoint(RandomKey key, int units, int symbols) {
        return new Draw(key)
                .weight("U", units, symbols)
                .weight("W", units, units)
                .weight("b", units, 1)
                .weight("V", symbols, units)
                .weight("c", symbols, 1)
                .data("h0", units)
                .point();
    }

    /** The squared-error network on one sequence of six symbols, to five. */
    public static Tutorial squaredError(int[] inputs, int[] targets) {
        return new Tutorial(
                        "squared-error",
                        "notebook 002",
                        "do_t = y_t − o_t; dh_t = Whyᵀ do_t + Whh δ_{t+1}; neither sums nor δ_{t+1} are set to 0 between calls",
                        "do_t = o_t − y_t; dh_t = Whyᵀ do_t + Whhᵀ δ_{t+1}; all begin at 0 in every call",
                        false,
                        List.of(),
                        numbers -> NotebookModels.squaredError(numbers, inputs, targets),
                        key -> new Draw(key)
                                .weight("Wxh", 7, 6)
                                .weight("Whh", 7, 7)
                                .weight("Why", 5, 7)
                                .weight("bh", 7, 1)
                                .weight("by", 5, 1)
                                .data("h0", 7)
                                .point(),
                        () -> NotebookCode.squaredError(inputs, targets))
                .expecting(
                        "everything is multiplied by −1",
                        "missing transpose: Whh stands where Whhᵀ belongs",
                        "…Whh…the call before…",
                        "…carr…the call before…");
    }

    /** The counting network without sigmoid: the gradient is right, and the cost that is printed another one. */
    public static Tutorial countingLinear() {
        return counting(
                "counting (linear)",
                "cost = Σ_m Σ_n (s_m − y_n)² / samples, with the gradient of the mean of (s_n − y_n)²",
                "cost = Σ_n (s_n − y_n)² / samples",
                Variant.LINEAR);
    }

    /** The counting network with a sigmoid at every step but the last: right. */
    public static Tutorial countingSigmoid() {
        String right = "dz_t = wrec dz_{t+1} ⊙ s_t ⊙ (1 − s_t)";
        return counting("counting (sigmoid)", right, right, Variant.SIGMOID);
    }

    private static Tutorial counting(String name, String written, String right, Variant variant) {
        return new Tutorial(
                name,
                "notebook 003",
                written,
                right,
                true,
                List.of(),
                numbers -> NotebookModels.counting(numbers, variant),
                key -> new Draw(key)
                        .normal("wx", 1, 1, 1)
                        .normal("wrec", 1, 1, 1)
                        .data("s0", 3)
                        .data("y", 3)
                        .steps("x", 3, 3)
                        .point(),
                () -> NotebookCode.counting(variant));
    }

    /** The multi-label network; targets are zeros and ones, and need not sum to 1. */
    public static Tutorial multiLabel() {
        return new Tutorial(
                        "multi-label",
                        "notebook 004",
                        "do_t = p_t − y_t; no ε in it; dWh without the first step",
                        "do_t = p_t Σ_k y_k s_k − y_t ⊙ s_t, s_t = p_t / (p_t + ε); dWh += h_initᵀ δ_0 too",
                        false,
                        List.of(),
                        numbers -> NotebookModels.multiLabel(numbers, EPSILON),
                        Notebooks::multiLabelPoint,
                        () -> NotebookCode.multiLabel(EPSILON))
                .expecting("the shortcut…", "the first step is left out…dWh…");
    }

    private static Map<String, NDArray> multiLabelPoint(RandomKey key) {
        Draw draw = new Draw(key)
                .weight("Wh", 4, 4)
                .weight("Wx", 5, 4)
                .weight("Wy", 4, 3)
                .weight("bh", 1, 4)
                .weight("by", 1, 3)
                .normal("h0", 1, 1, 4);
        for (int t = 0; t < 4; t++) {
            draw.normal("x" + t, 1, 1, 5).labels("y" + t, 1, 3);
        }
        return draw.point();
    }
}
