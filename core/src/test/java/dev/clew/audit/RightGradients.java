package dev.clew.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Functions whose automatic gradient is right, drawn from a seed: of any scale from 1e-12 to 1e12, chaotic ones among them.
 *
 * @param name family, parameters and type, to repeat it by
 * @param function what is differentiated
 * @param point where
 */
record RightGradients(String name, UnaryOperator<Tensor> function, NDArray point) {
    private static final double LEAST = -12;
    private static final double MOST = 12;

    /** A function of the wild: no scale is kept from, and differences may well be unable to decide. */
    static RightGradients wild(long seed) {
        Random random = new Random(seed);
        random.nextLong();
        double s = power(random, LEAST, MOST);
        double t = power(random, LEAST, MOST);
        double c = random.nextDouble(-3, 3);
        int n = random.nextInt(1, 80);
        int family = random.nextInt(18);
        UnaryOperator<Tensor> function = switch (family) {
            case 0 -> x -> x.times(s).plus(c).sin();
            case 1 -> x -> x.times(s).cos().times(t);
            case 2 -> x -> x.square().times(s).minus(x.times(t)).plus(c);
            case 3 -> x -> x.times(s).tanh().plus(x.square().plus(1).log().times(t));
            case 4 -> x -> x.times(s).minimum(600.0).exp().plus(x.abs().plus(t).log());
            case 5 -> x -> logistic(inUnit(x), 3.5 + random(seed, 0.5), n);
            case 6 -> x -> henon(x.times(0.1), n);
            case 7 -> x -> sineMap(x, 2 + Math.abs(c), n);
            case 8 -> x -> net(x, seed, Math.abs(c) + 0.5, n % 40);
            case 9 -> x -> x.times(s).times(t).div(s).minus(x.times(c * t));
            case 10 ->
                x -> x.maximum(x.times(c))
                        .plus(x.abs().minus(s).maximum(0.0))
                        .minus(x.minus(t).abs());
            case 11 ->
                x -> x.plus(s)
                        .minus(s)
                        .plus(x.times(t).square().minus(x.square().times(t * t)));
            case 12 -> x -> x.times(x.times(s).sin().stopGradient()).plus(logistic(inUnit(x), 3.9, n % 50));
            case 13 -> x -> tent(inUnit(x), 1.5 + random(seed, 0.49), n).plus(x.times(s));
            case 14 -> x -> x.times(1e7 * c).sin().times(t);
            case 15 -> x -> cusp(x.minus(s), c).plus(x.times(t));
            case 16 -> x -> x.times(s).floor().div(s).plus(x.times(c));
            default -> x -> x.remainder(t).times(s).plus(x.div(t).round().times(t));
        };
        double size = random.nextInt(3) == 0 ? power(random, LEAST, MOST) : random.nextInt(2) == 0 ? 1 : 1 / s;
        boolean single = random.nextInt(5) == 0;
        NDArray point = point(random, size, 1 + random.nextInt(4)).cast(single ? DType.F32 : DType.F64);
        String name =
                "seed " + seed + ": family " + family + " s=" + s + " t=" + t + " c=" + c + " n=" + n + " " + point;
        return new RightGradients(name, function, point);
    }

    /** A function on a point where differences ought to decide: numbers, slopes and curvatures are within a few decades of 1. */
    static RightGradients plain(long seed) {
        Random random = new Random(seed);
        random.nextLong();
        double s = power(random, -2, 2);
        double c = random.nextDouble(-3, 3);
        int n = random.nextInt(1, 6);
        int family = random.nextInt(9);
        UnaryOperator<Tensor> function = switch (family) {
            case 0 -> x -> x.times(s).plus(c).sin();
            case 1 -> x -> x.square().times(s).minus(x.times(c)).plus(1);
            case 2 -> x -> x.tanh().plus(x.square().plus(1).log().times(s));
            case 3 -> x -> x.times(Math.min(s, 3)).exp().plus(x.abs().plus(s).log());
            case 4 -> x -> logistic(inUnit(x), 3.9, n);
            case 5 -> x -> net(x, seed, 1, n);
            case 6 -> x -> x.square().plus(s).sqrt().div(x.square().plus(1));
            case 7 -> x -> x.softmax(0).times(x).plus(x.logSumExp(0));
            default -> x -> x.maximum(x.times(c)).times(x.sigmoid()).plus(x.times(s));
        };
        boolean single = random.nextInt(5) == 0;
        NDArray point = point(random, 1, 1 + random.nextInt(4)).cast(single ? DType.F32 : DType.F64);
        String name = "seed " + seed + ": plain " + family + " s=" + s + " c=" + c + " n=" + n + " " + point;
        return new RightGradients(name, function, point);
    }

    static double power(Random random, double from, double to) {
        return Math.pow(10, random.nextDouble(from, to));
    }

    private static double random(long seed, double below) {
        return new Random(~seed).nextDouble(0, below);
    }

    private static NDArray point(Random random, double size, int elements) {
        double[] numbers = new double[elements];
        for (int i = 0; i < elements; i++) {
            numbers[i] = Math.copySign(random.nextDouble(0.3, 1.7), random.nextInt(4) - 1.5) * size;
        }
        return NDArray.of(Shape.of(elements), numbers);
    }

    /** |x| to some power from 1/3 to 3, whose slope at 0 may be infinite. */
    private static Tensor cusp(Tensor x, double c) {
        return x.abs().pow(Math.pow(3, c / 3));
    }

    /** Into (0, 1), smoothly. */
    private static Tensor inUnit(Tensor x) {
        return x.sigmoid().times(0.8).plus(0.1);
    }

    static Tensor logistic(Tensor y, double rate, int steps) {
        Tensor state = y;
        for (int i = 0; i < steps; i++) {
            state = state.times(rate).times(state.negate().plus(1));
        }
        return state;
    }

    private static Tensor henon(Tensor start, int steps) {
        Tensor x = start;
        Tensor y = start.times(0.3);
        for (int i = 0; i < steps; i++) {
            Tensor next = x.square().times(-1.4).plus(1).plus(y);
            y = x.times(0.3);
            x = next;
        }
        return x;
    }

    private static Tensor sineMap(Tensor start, double rate, int steps) {
        Tensor x = start;
        for (int i = 0; i < steps; i++) {
            x = x.sin().times(rate);
        }
        return x;
    }

    private static Tensor tent(Tensor start, double rate, int steps) {
        Tensor x = start;
        for (int i = 0; i < steps; i++) {
            x = x.minimum(x.negate().plus(1)).times(rate);
        }
        return x;
    }

    /** A recurrent net; a gain above about 1.5 makes it chaotic. */
    private static Tensor net(Tensor start, long seed, double gain, int steps) {
        int width = start.shape().elements();
        Random random = new Random(seed + 1);
        double[] weights =
                random.doubles((long) width * width, -2 * gain, 2 * gain).toArray();
        Tensor w = Tensor.of(NDArray.of(Shape.of(width, width), weights)).cast(start.dtype());
        Tensor h = start;
        for (int t = 0; t < steps; t++) {
            h = h.reshape(1, width).matmul(w).reshape(width).plus(0.1 * t).tanh();
        }
        return Tensor.sum(List.of(h, start.times(0.01)));
    }
}
