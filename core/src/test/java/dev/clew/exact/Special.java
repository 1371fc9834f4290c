package dev.clew.exact;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;

/** The error function and the gamma function. */
public final class Special {
    private static final int GUARD = 40;

    private Special() {}

    // ------------------------------------------------------------------------ the error function

    public static Real erf(Real x) {
        if (x.magnitude() > 8) {
            Real one = x.constant(1).within(-60_000);
            return x.signum() < 0 ? one.negate() : one;
        }
        if (x.abs().isBelow(8)) {
            return series(x);
        }
        Real size = tail(x.abs()).negate().plus(1);
        return x.signum() < 0 ? size.negate() : size;
    }

    public static Real erfc(Real x) {
        if (x.signum() < 0) {
            return erf(x.negate()).plus(1);
        }
        if (x.magnitude() > 8) {
            return x.constant(0).within(-60_000);
        }
        return x.isBelow(6) ? series(x).negate().plus(1) : tail(x);
    }

    /** 2/√π·e^(−x²)·(x + 2x³/3 + 4x⁵/15 + ...), where nothing cancels. */
    private static Real series(Real x) {
        Real square = x.square();
        int fraction = x.bits() + GUARD;
        BigInteger factor = square.scaled(1).fixed(fraction);
        BigInteger term = BigInteger.ONE.shiftLeft(fraction);
        BigInteger sum = term;
        for (int k = 3; term.signum() != 0; k += 2) {
            term = term.multiply(factor).shiftRight(fraction).divide(BigInteger.valueOf(k));
            sum = sum.add(term);
        }
        Real gaussian = Elementary.exp(square.negate());
        Real all = Real.of(sum, -fraction, -fraction + 20, x.bits()).times(x).times(gaussian);
        return overRootPi(all.scaled(1)).within(x.error() + 1);
    }

    private static Real overRootPi(Real x) {
        return x.over(Constants.pi(x.bits()).sqrt());
    }

    /** e^(−x²)/√π/(x + ½/(x + 1/(x + 1½/(x + ...)))); the value lies between any two neighbours in that sequence. */
    private static Real tail(Real x) {
        double size = x.about();
        int depth = (int) Math.ceil(Math.pow((x.bits() + GUARD) * Math.log(2) / size, 2) / 8) + 2;
        BigInteger one = fraction(x, depth);
        BigInteger other = fraction(x, depth + 1);
        int unit = x.bits() + GUARD;
        double apart = one.subtract(other).abs().bitLength() - unit;
        Real divisor = Real.of(one, -unit, Real.sum(Real.sum(apart, -unit + 8), x.error() + 1), x.bits());
        return overRootPi(Elementary.exp(x.square().negate()).over(divisor));
    }

    private static BigInteger fraction(Real x, int depth) {
        int unit = x.bits() + GUARD;
        BigInteger at = x.fixed(unit);
        BigInteger divisor = at;
        for (int n = depth; n > 0; n--) {
            BigInteger half = BigInteger.valueOf(n).shiftLeft(2 * unit - 1);
            divisor = at.add(half.divide(divisor));
        }
        return divisor;
    }

    // ------------------------------------------------------------------------- the gamma function

    /** B₂ₙ as numerators and denominators, from n = 1 on. */
    private static final List<BigInteger[]> BERNOULLI = new ArrayList<>();

    /** B₂ₙ = (−1)ⁿ⁻¹·2n·Tₙ/(4ⁿ·(4ⁿ − 1)) with the tangent numbers T = 1, 2, 16, 272, ... */
    private static List<BigInteger[]> bernoulli(int count) {
        synchronized (BERNOULLI) {
            if (BERNOULLI.size() < count) {
                BERNOULLI.clear();
                BigInteger[] tangents = tangents(count);
                for (int n = 1; n < tangents.length; n++) {
                    BigInteger four = BigInteger.ONE.shiftLeft(2 * n);
                    BigInteger over = BigInteger.valueOf(n % 2 == 1 ? 2L * n : -2L * n);
                    BERNOULLI.add(
                            new BigInteger[] {tangents[n].multiply(over), four.multiply(four.subtract(BigInteger.ONE))
                            });
                }
            }
            return List.copyOf(BERNOULLI.subList(0, count));
        }
    }

    /** After Brent and Harvey, Fast computation of Bernoulli, tangent and secant numbers, 2011. */
    private static BigInteger[] tangents(int count) {
        BigInteger[] tangents = new BigInteger[count + 1];
        tangents[0] = BigInteger.ZERO;
        tangents[1] = BigInteger.ONE;
        for (int k = 2; k <= count; k++) {
            tangents[k] = tangents[k - 1].multiply(BigInteger.valueOf(k - 1));
        }
        for (int k = 2; k <= count; k++) {
            for (int j = k; j <= count; j++) {
                tangents[j] = tangents[j - 1]
                        .multiply(BigInteger.valueOf(j - k))
                        .add(tangents[j].multiply(BigInteger.valueOf(j - k + 2)));
            }
        }
        return tangents;
    }

    /** z = x + n, so large that Stirling's series has all bits. */
    private record Moved(Real x, Real z, int steps) {
        static Moved of(Real x) {
            int far = x.bits() / 4 + 12;
            int steps = x.isBelow(far) ? far - x.floor().fixed(0).intValueExact() : 0;
            return new Moved(x, x.plus(steps), steps);
        }

        /** Σ B₂ₙ/(divisor(n)·z²ⁿ⁺ᵐ); the first term that is left out is more than all that are. */
        Real series(IntToDoubleFunction divisor, int m) {
            int most = x.bits() / 4 + 20;
            Real square = z.square();
            Real power = m < 0 ? z : m == 0 ? square : square.times(z);
            Real sum = z.constant(0);
            for (int n = 1; n <= most; n++) {
                BigInteger[] number = bernoulli(most).get(n - 1);
                Real bottom = Real.of(number[1], 0, Real.NONE, x.bits()).times(power);
                Real term = Real.of(number[0], 0, Real.NONE, x.bits()).over(bottom.times(divisor.applyAsDouble(n)));
                if (term.magnitude() < sum.magnitude() - x.bits() - 10) {
                    return sum.within(term.magnitude());
                }
                sum = sum.plus(term);
                power = power.times(square);
            }
            throw new ArithmeticException("the series at " + z + " does not come to an end");
        }

        /** Σ f(x + k) over the steps before z. */
        Real sum(UnaryOperator<Real> f) {
            Real sum = x.constant(0);
            for (int k = 0; k < steps; k++) {
                sum = sum.plus(f.apply(x.plus(k)));
            }
            return sum;
        }
    }

    /** ln |Γ(x)|. */
    public static Real logGamma(Real x) {
        Real pi = Constants.pi(x.bits());
        if (x.signum() < 0) {
            Real other = logGamma(x.negate().plus(1));
            return Elementary.log(
                            pi.over(Elementary.sin(fromInteger(x).times(pi)).abs()))
                    .minus(other);
        }
        if (x.minus(1).signum() == 0 || x.minus(2).signum() == 0) {
            return x.constant(0);
        }
        Moved moved = Moved.of(x);
        Real z = moved.z;
        Real product = x.constant(1);
        for (int k = 0; k < moved.steps; k++) {
            product = product.times(x.plus(k));
        }
        return z.minus(0.5)
                .times(Elementary.log(z))
                .minus(z)
                .plus(Elementary.log(pi.scaled(1)).scaled(-1))
                .plus(moved.series(n -> 2.0 * n * (2 * n - 1), -1))
                .minus(Elementary.log(product));
    }

    public static Real digamma(Real x) {
        if (x.signum() < 0) {
            Real pi = Constants.pi(x.bits());
            Real angle = fromInteger(x).times(pi);
            Real cotangent = Elementary.cos(angle).over(Elementary.sin(angle));
            return digamma(x.negate().plus(1)).minus(pi.times(cotangent));
        }
        Moved moved = Moved.of(x);
        Real half = moved.z.scaled(1).reciprocal();
        Real series = moved.series(n -> 2.0 * n, 0);
        return Elementary.log(moved.z).minus(half).minus(series).minus(moved.sum(Real::reciprocal));
    }

    public static Real trigamma(Real x) {
        if (x.signum() < 0) {
            Real pi = Constants.pi(x.bits());
            Real quotient = pi.over(Elementary.sin(fromInteger(x).times(pi)));
            return quotient.square().minus(trigamma(x.negate().plus(1)));
        }
        Moved moved = Moved.of(x);
        Real inverse = moved.z.reciprocal();
        return inverse.plus(inverse.square().scaled(-1))
                .plus(moved.series(n -> 1, 1))
                .plus(moved.sum(at -> at.square().reciprocal()));
    }

    /** How far it is from the nearest integer. */
    private static Real fromInteger(Real x) {
        return x.minus(x.round());
    }
}
