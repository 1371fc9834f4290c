package dev.clew.nn.loss;

import java.util.Arrays;

/** All ways through the classes, one after the other. */
public final class CtcByHand {
    private CtcByHand() {}

    /** What is left of a way: equal classes in a row are one, and blanks go away. */
    public static int[] labels(int[] way, int blank) {
        int[] left = new int[way.length];
        int count = 0;
        for (int t = 0; t < way.length; t++) {
            boolean isNew = t == 0 || way[t] != way[t - 1];
            if (isNew && way[t] != blank) {
                left[count++] = way[t];
            }
        }
        return Arrays.copyOf(left, count);
    }

    /** The n-th of all ways of so many steps. */
    public static int[] way(int n, int steps, int classes) {
        int[] way = new int[steps];
        for (int t = 0; t < steps; t++) {
            way[t] = n % classes;
            n /= classes;
        }
        return way;
    }

    /** How many there are. */
    public static int ways(int steps, int classes) {
        int ways = 1;
        for (int t = 0; t < steps; t++) {
            ways *= classes;
        }
        return ways;
    }

    /** Softmax of a row. */
    public static double[] softmax(double[] logits) {
        double sum = 0;
        double[] p = new double[logits.length];
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(logits[c]);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** Of one way. */
    public static double probability(double[][] p, int[] way) {
        double product = 1;
        for (int t = 0; t < way.length; t++) {
            product *= p[t][way[t]];
        }
        return product;
    }

    /** −ln of the probability of the labels in the first steps of p, a row of probabilities for each. */
    static double cost(double[][] p, int steps, int blank, int... labels) {
        double total = 0;
        for (int n = 0; n < ways(steps, p[0].length); n++) {
            int[] way = way(n, steps, p[0].length);
            if (Arrays.equals(labels(way, blank), labels)) {
                total += probability(p, way);
            }
        }
        return -Math.log(total);
    }
}
