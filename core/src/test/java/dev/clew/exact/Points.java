package dev.clew.exact;

import dev.clew.array.DType;
import java.util.SplittableRandom;

/**
 * Numbers of a type, drawn where functions have their corners: a third uniform in the bits, so of all sizes; a third of the
 * sizes that are met in practice; a third close to a place where something happens.
 */
public final class Points {
    /** Zeros, ends of domains, thresholds, and where exponentials leave the range of a type or stop to matter beside 1. */
    private static final double[] PLACES = {
        0.5,
        1,
        1.5,
        2,
        2.5,
        3,
        4,
        6,
        8,
        1.4616321449683622,
        Math.E,
        0.6931471805599453,
        0.34657359027997264,
        1.278464542761074,
        0.7517915246935645,
        0.7524614220710162,
        9.01,
        17.33,
        18.02,
        18.72,
        36.04,
        36.74,
        37.43,
        44.36,
        88.72,
        87.34,
        103.97,
        104.67,
        177.4,
        354.9,
        354.2,
        709.78,
        708.4,
        745.13,
        746.5,
        5.86,
        9.2,
        26.54,
        27.23,
        14.2,
        37.5,
        38.47,
        13.06,
        127,
        128,
        149,
        150,
        171.6,
        1022,
        1023,
        1024,
        1074
    };

    private final SplittableRandom random;
    private final DType type;

    public Points(long seed, DType type) {
        this.random = new SplittableRandom(seed);
        this.type = type;
    }

    /** The inputs of a function: one or two finite numbers. */
    public double[] of(int inputs) {
        return inputs == 1 ? new double[] {one()} : two();
    }

    private double one() {
        double x = rounded(
                switch (random.nextInt(3)) {
                    case 0 -> bits();
                    case 1 -> sized(-30, 11);
                    default -> near(place());
                });
        return Double.isFinite(x) ? x : one();
    }

    /** Two, of which every other time the second has to do with the first. */
    private double[] two() {
        double a = one();
        double b = rounded(
                switch (random.nextInt(10)) {
                    case 0 -> near(a);
                    case 1 -> near(-a);
                    case 2 -> near(place() / Math.log(Math.abs(a)));
                    case 3 -> a + sized(-20, 11);
                    case 4 -> near(Math.exp(a));
                    default -> one();
                });
        double[] x = random.nextInt(3) == 0 ? new double[] {b, a} : new double[] {a, b};
        return Double.isFinite(b) ? x : two();
    }

    private double rounded(double x) {
        return type == DType.F32 ? (float) x : x;
    }

    private double bits() {
        return type == DType.F32 ? Float.intBitsToFloat(random.nextInt()) : Double.longBitsToDouble(random.nextLong());
    }

    /** A number between 2 to the power of least and of most, of either sign. */
    private double sized(int least, int most) {
        double size = Math.scalb(1 + random.nextDouble(), random.nextInt(least, most));
        return random.nextBoolean() ? size : -size;
    }

    /** The place, or off by a part of it down to the last bit. */
    private double near(double place) {
        int digits = type == DType.F32 ? 24 : 53;
        return random.nextInt(8) == 0 ? place : place * (1 + sized(-digits, 0));
    }

    /** Of either sign: one of the list, a multiple of π/2, an integer, or an end of the range. */
    private double place() {
        double place = switch (random.nextInt(6)) {
            case 0 -> Math.PI / 2 * (1 + random.nextInt(1 << random.nextInt(1, 20)));
            case 1 -> 1 + random.nextInt(1 << random.nextInt(1, 12));
            case 2 -> random.nextBoolean() ? end() : 1 / end();
            default -> PLACES[random.nextInt(PLACES.length)];
        };
        return random.nextBoolean() ? place : -place;
    }

    private double end() {
        double largest = type == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return random.nextBoolean() ? largest / 2 : Math.sqrt(largest);
    }
}
