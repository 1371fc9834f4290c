package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.List;
import java.util.function.UnaryOperator;

/** Slopes of activations, right and wrong. */
final class SlopeBugs {
    private SlopeBugs() {}

    static String functionAgain(String gate) {
        return "the function again for the slope of " + gate;
    }

    static String slopeAgain(String gate) {
        return "the slope at the gate's value for that of " + gate;
    }

    static String ofPreactivation(String gate) {
        return "slope of " + gate + " from its pre-activation";
    }

    static String noSlope(String gate) {
        return "slope of " + gate + " missing";
    }

    /** y(1 − y) of a gate. */
    static Matrix sigmoid(String gate, Matrix y, Matrix preactivation, Switches on) {
        return slope(gate, y, preactivation, Matrix::sigmoid, Matrix::sigmoidSlope, on);
    }

    /** 1 − y² of a candidate. */
    static Matrix tanh(String gate, Matrix y, Matrix preactivation, Switches on) {
        return slope(gate, y, preactivation, Matrix::tanh, Matrix::tanhSlope, on);
    }

    private static Matrix slope(
            String gate,
            Matrix y,
            Matrix preactivation,
            UnaryOperator<Matrix> function,
            UnaryOperator<Matrix> slope,
            Switches on) {
        if (on.has(functionAgain(gate))) {
            return function.apply(y);
        }
        if (on.has(slopeAgain(gate))) {
            return slope.apply(function.apply(y));
        }
        if (on.has(ofPreactivation(gate))) {
            return slope.apply(preactivation);
        }
        return on.has(noSlope(gate)) ? Matrix.full(1, y.width(), 1) : slope.apply(y);
    }

    /** The mistakes about the slope of one gate. */
    static List<Bug> of(String gate, String chain) {
        return List.of(
                Bug.of(
                        functionAgain(gate),
                        Family.ACTIVATION,
                        chain,
                        "δ has the function of the gate's value for its slope."),
                Bug.of(
                        slopeAgain(gate),
                        Family.ACTIVATION,
                        chain,
                        "δ has the slope at the gate's value, as if it were not yet one."),
                Bug.of(
                        ofPreactivation(gate),
                        Family.ACTIVATION,
                        chain,
                        "δ has the pre-activation where the value belongs."),
                Bug.of(noSlope(gate), Family.ACTIVATION, chain, "δ lacks the slope of the gate."));
    }
}
