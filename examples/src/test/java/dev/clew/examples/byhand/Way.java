package dev.clew.examples.byhand;

import dev.clew.examples.Automatic;
import dev.clew.examples.byhand.CountingByHand.Variant;

/** The two ways to a gradient. Whatever is true of one has to be true of the other, so tests run both. */
enum Way {
    BY_HAND,
    AUTOMATIC;

    Gradient gradient(CharacterRnnByHand.Weights w, int[] inputs, int[] targets, double[] h0) {
        return switch (this) {
            case BY_HAND -> CharacterRnnByHand.gradient(w, inputs, targets, h0);
            case AUTOMATIC -> Automatic.gradient(w, inputs, targets, h0);
        };
    }

    CharacterRnnByHand.Forward forward(CharacterRnnByHand.Weights w, int[] inputs, double[] h0) {
        return switch (this) {
            case BY_HAND -> CharacterRnnByHand.forward(w, inputs, h0);
            case AUTOMATIC -> Automatic.forward(w, inputs, h0);
        };
    }

    Gradient gradient(SquaredErrorByHand.Weights w, int[] inputs, int[] targets, double[] h0) {
        return switch (this) {
            case BY_HAND -> SquaredErrorByHand.gradient(w, inputs, targets, h0);
            case AUTOMATIC -> Automatic.gradient(w, inputs, targets, h0);
        };
    }

    SquaredErrorByHand.Forward forward(SquaredErrorByHand.Weights w, int[] inputs, double[] h0) {
        return switch (this) {
            case BY_HAND -> SquaredErrorByHand.forward(w, inputs, h0);
            case AUTOMATIC -> Automatic.forward(w, inputs, h0);
        };
    }

    Gradient gradient(MultiLabelByHand.Weights w, double[][] inputs, double[][] targets, double[] h0, double epsilon) {
        return switch (this) {
            case BY_HAND -> MultiLabelByHand.gradient(w, inputs, targets, h0, epsilon);
            case AUTOMATIC -> Automatic.gradient(w, inputs, targets, h0, epsilon);
        };
    }

    MultiLabelByHand.Forward forward(MultiLabelByHand.Weights w, double[][] inputs, double[] h0) {
        return switch (this) {
            case BY_HAND -> MultiLabelByHand.forward(w, inputs, h0);
            case AUTOMATIC -> Automatic.forward(w, inputs, h0);
        };
    }

    Gradient gradient(CountingByHand.Weights w, double[][] inputs, double[] targets, double[] s0, Variant variant) {
        return switch (this) {
            case BY_HAND -> CountingByHand.gradient(w, inputs, targets, s0, variant);
            case AUTOMATIC -> Automatic.gradient(w, inputs, targets, s0, variant);
        };
    }

    double[][] forward(CountingByHand.Weights w, double[][] inputs, double[] s0, Variant variant) {
        return switch (this) {
            case BY_HAND -> CountingByHand.forward(w, inputs, s0, variant);
            case AUTOMATIC -> Automatic.forward(w, inputs, s0, variant);
        };
    }
}
