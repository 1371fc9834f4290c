package dev.clew.examples.byhand;

import java.util.Arrays;

/** The elementwise steps that the networks share: tanh, sigmoid, softmax, and their derivatives' ingredients. */
public final class Vectors {
    private Vectors() {}

    /** A matrix of zeros with the rows and columns of {@code like}. */
    public static double[][] zeros(double[][] like) {
        double[][] zeros = new double[like.length][];
        for (int i = 0; i < like.length; i++) {
            zeros[i] = new double[like[i].length];
        }
        return zeros;
    }

    /** One column, as a new vector: {@code M y} for a one-hot y. Shapes: (m, n) to (m). */
    public static double[] ofColumn(double[][] matrix, int column) {
        double[] vector = new double[matrix.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = matrix[i][column];
        }
        return vector;
    }

    /** {@code tanh} of every entry, as a new vector. */
    public static double[] tanh(double[] z) {
        double[] h = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            h[i] = Math.tanh(z[i]);
        }
        return h;
    }

    /**
     * What arrives before a tanh when {@code dHidden} arrives behind it: {@code dz = dh ⊙ (1 − h²)}, since tanh′ = 1 −
     * tanh². Shapes: all (n).
     */
    public static double[] throughTanh(double[] dHidden, double[] hidden) {
        double[] dz = new double[hidden.length];
        for (int i = 0; i < dz.length; i++) {
            dz[i] = dHidden[i] * (1 - hidden[i] * hidden[i]);
        }
        return dz;
    }

    /** {@code σ(z) = 1/(1 + e^{−z})} of every entry, as a new vector. */
    public static double[] sigmoid(double[] z) {
        double[] s = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            s[i] = 1 / (1 + Math.exp(-z[i]));
        }
        return s;
    }

    /**
     * What arrives before a sigmoid when {@code dGate} arrives behind it: {@code dz = ds ⊙ s ⊙ (1 − s)}, since σ′ = σ (1 −
     * σ). Shapes: all (n).
     */
    public static double[] throughSigmoid(double[] dGate, double[] gate) {
        double[] dz = new double[gate.length];
        for (int i = 0; i < dz.length; i++) {
            dz[i] = dGate[i] * gate[i] * (1 - gate[i]);
        }
        return dz;
    }

    /** {@code a + b}, as a new vector. Shapes: all (n). */
    public static double[] plus(double[] a, double[] b) {
        double[] sum = a.clone();
        Accumulate.add(1, b, sum);
        return sum;
    }

    /** {@code a ⊙ b}, as a new vector. Shapes: all (n). */
    public static double[] times(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    /** {@code [a; b]}, one above the other, as a new vector. Shapes: a (m), b (n) to (m + n). */
    public static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** {@code log Σₖ exp(oₖ)}, with the largest entry taken out first so that nothing overflows. */
    public static double logSumExp(double[] logits) {
        double largest = Arrays.stream(logits).max().orElse(Double.NEGATIVE_INFINITY);
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    /** {@code softmax(o)ⱼ = exp(oⱼ) / Σₖ exp(oₖ)}, as a new vector. Finite for any finite logits. */
    public static double[] softmax(double[] logits) {
        double logSum = logSumExp(logits);
        double[] probabilities = new double[logits.length];
        for (int j = 0; j < logits.length; j++) {
            probabilities[j] = Math.exp(logits[j] - logSum);
        }
        return probabilities;
    }
}
