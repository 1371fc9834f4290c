package dev.clew.examples.tutorial;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.MultiLabelByHand;
import dev.clew.examples.byhand.SquaredErrorByHand;
import dev.clew.examples.byhand.Vectors;
import dev.clew.tensor.Tensor;
import java.util.List;

/** The losses of the notebooks, towards targets that may be any numbers. */
enum TargetLoss {
    /** {@code −Σ_k y_k log softmax(o)_k}. */
    CROSS_ENTROPY(0),
    /** {@code −Σ_k y_k log(softmax(o)_k + ε)}. */
    CROSS_ENTROPY_WITH_EPSILON(1e-8),
    /** {@code ½ ‖o − y‖²}. */
    SQUARED_ERROR(0);

    private final double epsilon;

    TargetLoss(double epsilon) {
        this.epsilon = epsilon;
    }

    /** By hand. Shapes: both (steps, classes). */
    double of(double[][] o, double[][] y) {
        double sum = 0;
        for (int t = 0; t < o.length; t++) {
            sum += this == SQUARED_ERROR
                    ? SquaredErrorByHand.halfSquaredLength(minus(o[t], y[t]))
                    : MultiLabelByHand.crossEntropy(o[t], y[t], epsilon);
        }
        return sum;
    }

    /** By hand, with or without a defect. Shapes: all (classes). */
    double[] gradient(double[] o, double[] y, Defect defect) {
        double[] dOutput = this == SQUARED_ERROR ? minus(o, y) : byLogits(o, y, defect);
        if (defect == Defect.SIGN) {
            Accumulate.add(-2, dOutput.clone(), dOutput);
        }
        return dOutput;
    }

    private double[] byLogits(double[] o, double[] y, Defect defect) {
        double[] p = Vectors.softmax(o);
        double[] pull = y.clone();
        double total = 0;
        for (int k = 0; k < p.length; k++) {
            pull[k] *= epsilon == 0 || defect == Defect.EPSILON_IGNORED ? 1 : p[k] / (p[k] + epsilon);
            total += pull[k];
        }
        double[] dOutput = new double[p.length];
        Accumulate.add(defect == Defect.SHORTCUT ? 1 : total, p, dOutput);
        Accumulate.add(-1, pull, dOutput);
        return dOutput;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = a.clone();
        Accumulate.add(-1, b, difference);
        return difference;
    }

    /** In Clew. Shapes: per step (classes, 1) to (). */
    Tensor of(List<Tensor> o, List<Tensor> y) {
        Tensor loss = Tensor.of(0.0);
        for (int t = 0; t < o.size(); t++) {
            loss = switch (this) {
                case CROSS_ENTROPY ->
                    loss.minus(y.get(t).times(o.get(t).logSoftmax(0)).sum());
                case CROSS_ENTROPY_WITH_EPSILON ->
                    loss.minus(y.get(t)
                            .times(o.get(t).softmax(0).plus(epsilon).log())
                            .sum());
                case SQUARED_ERROR ->
                    loss.plus(o.get(t).minus(y.get(t)).square().sum().div(2));
            };
        }
        return loss;
    }
}
