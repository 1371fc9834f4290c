package dev.clew.exact;

import java.math.BigInteger;

/**
 * Exponentials, logarithms, angles: each from its Taylor series in integers of 2⁻ᶠ, after the argument has been made small.
 * The guard bits are many more than the terms can lose.
 */
public final class Elementary {
    private static final int GUARD = 40;

    /** Numbers below 2 to this power are so small that a series needs no reduction. */
    private static final int SMALL = -8;

    private Elementary() {}

    // --------------------------------------------------------------- exponentials and logarithms

    /** e to the power of x, for x up to 2¹⁷: a formula that meets more takes exponentials of negative numbers. */
    public static Real exp(Real x) {
        int bits = x.bits();
        if (x.magnitude() > 17 && x.isApartFromZero()) {
            if (x.signum() > 0) {
                throw new ArithmeticException(
                        "e to the power of " + x + ": state the function by e to the power of -x");
            }
            return Real.of(0, bits).within(-150_000);
        }
        if (x.error() > -2) {
            return x.unknown();
        }
        int halvings = (int) Math.sqrt(bits / 4.0);
        int fraction = bits + GUARD + halvings + 18;
        Real quotient = x.over(Constants.ln2(64)).round();
        int power = quotient.fixed(0).intValueExact();
        BigInteger rest = x.fixed(fraction)
                .subtract(Constants.ln2(fraction + 20).fixed(fraction).multiply(quotient.fixed(0)));
        BigInteger sum = exponentialSeries(rest.shiftRight(halvings), fraction);
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum).shiftRight(fraction);
        }
        double errors = Real.sum(power + 1 - bits - GUARD / 2, power + 2 + x.error());
        return Real.of(sum, power - fraction, errors, bits);
    }

    /** 1 + x + x²/2 + ... */
    private static BigInteger exponentialSeries(BigInteger x, int fraction) {
        BigInteger term = BigInteger.ONE.shiftLeft(fraction);
        BigInteger sum = term;
        for (int n = 1; term.signum() != 0 && term.bitLength() > 1; n++) {
            term = term.multiply(x).shiftRight(fraction).divide(BigInteger.valueOf(n));
            sum = sum.add(term);
        }
        return sum;
    }

    public static Real expm1(Real x) {
        if (x.magnitude() >= SMALL) {
            return exp(x).minus(1);
        }
        if (x.signum() == 0) {
            return x;
        }
        int fraction = x.bits() + GUARD - x.magnitude();
        BigInteger sum = exponentialSeries(x.fixed(fraction), fraction).subtract(BigInteger.ONE.shiftLeft(fraction));
        return Real.of(sum, -fraction, Real.sum(x.magnitude() - x.bits() - GUARD / 2, x.error() + 1), x.bits());
    }

    /** ln x of a positive number. */
    public static Real log(Real x) {
        if (x.signum() <= 0 || !x.isApartFromZero()) {
            return x.unknown();
        }
        int power = x.magnitude();
        Real fraction = x.scaled(-power);
        if (fraction.about() < 0.75) {
            power--;
            fraction = fraction.scaled(1);
        }
        Real far = Constants.ln2(x.bits() + GUARD).times(power);
        Real less = fraction.minus(1);
        if (less.magnitude() < SMALL) {
            return power == 0 ? log1p(less) : log1p(less).plus(far);
        }
        Real guess = x.constant(Math.log(fraction.about()));
        return log1p(fraction.times(exp(guess.negate())).minus(1)).plus(guess).plus(far);
    }

    /** ln(1 + x) = 2·artanh x/(2 + x). */
    public static Real log1p(Real x) {
        if (x.magnitude() >= SMALL) {
            return log(x.plus(1));
        }
        return arcSeries(x.over(x.plus(2)), true).scaled(1);
    }

    /** x ± x³/3 + x⁵/5 ± ...: artanh x, else arctan x, of a small number. */
    private static Real arcSeries(Real x, boolean isHyperbolic) {
        if (x.signum() == 0) {
            return x;
        }
        int fraction = x.bits() + GUARD - x.magnitude();
        BigInteger power = x.fixed(fraction);
        BigInteger square = x.square().fixed(fraction);
        BigInteger sum = power;
        for (int k = 3; power.signum() != 0 && power.bitLength() > 1; k += 2) {
            power = power.multiply(square).shiftRight(fraction);
            BigInteger term = power.divide(BigInteger.valueOf(k));
            sum = isHyperbolic || k % 4 == 1 ? sum.add(term) : sum.subtract(term);
        }
        double errors = Real.sum(x.magnitude() - x.bits() - GUARD / 2, x.error() + 1);
        return Real.of(sum, -fraction, errors, x.bits());
    }

    // ------------------------------------------------------------------------------------ angles

    /** The sine and the cosine. */
    private record Angle(Real sine, Real cosine) {
        static Angle of(Real x) {
            int bits = x.bits();
            if (x.error() > -2) {
                return new Angle(x.unknown(), x.unknown());
            }
            int fraction = bits + GUARD - Math.min(x.magnitude(), 0);
            if (fraction > 100_000) {
                return new Angle(x, x.constant(1));
            }
            Real half = Constants.pi(fraction + Math.max(x.magnitude(), 0) + 20).scaled(-1);
            BigInteger unit = half.fixed(fraction + Math.max(x.magnitude(), 0) + 10);
            BigInteger all = x.fixed(fraction + Math.max(x.magnitude(), 0) + 10);
            BigInteger[] turns = all.shiftLeft(1).add(unit).divideAndRemainder(unit.shiftLeft(1));
            BigInteger quarters = turns[1].signum() < 0 ? turns[0].subtract(BigInteger.ONE) : turns[0];
            BigInteger rest = all.subtract(quarters.multiply(unit)).shiftRight(Math.max(x.magnitude(), 0) + 10);
            double errors = Real.sum(-fraction + 8, x.error());
            Real sine = Real.of(series(rest, fraction, 1), -fraction, errors, bits);
            Real cosine = Real.of(series(rest, fraction, 0), -fraction, errors, bits);
            return new Angle(sine, cosine).turned(quarters.intValue() & 3);
        }

        private Angle turned(int quarters) {
            return switch (quarters) {
                case 0 -> this;
                case 1 -> new Angle(cosine, sine.negate());
                case 2 -> new Angle(sine.negate(), cosine.negate());
                default -> new Angle(cosine.negate(), sine);
            };
        }

        /** Of the sine from x on, of the cosine from 1 on. */
        private static BigInteger series(BigInteger x, int fraction, int first) {
            BigInteger square = x.multiply(x).shiftRight(fraction);
            BigInteger term = first == 0 ? BigInteger.ONE.shiftLeft(fraction) : x;
            BigInteger sum = term;
            for (int n = first + 2; term.signum() != 0 && term.bitLength() > 1; n += 2) {
                term = term.multiply(square).shiftRight(fraction).divide(BigInteger.valueOf(-(long) n * (n - 1)));
                sum = sum.add(term);
            }
            return sum;
        }
    }

    public static Real sin(Real x) {
        return Angle.of(x).sine;
    }

    public static Real cos(Real x) {
        return Angle.of(x).cosine;
    }

    public static Real tan(Real x) {
        Angle angle = Angle.of(x);
        return angle.sine.over(angle.cosine);
    }

    public static Real atan(Real x) {
        if (x.magnitude() < SMALL) {
            return arcSeries(x, false);
        }
        if (x.magnitude() > 8) {
            Real quarter = Constants.pi(x.bits()).scaled(-1);
            return (x.signum() < 0 ? quarter.negate() : quarter).minus(atan(x.reciprocal()));
        }
        Real guess = x.constant(Math.atan(x.about()));
        Angle angle = Angle.of(guess);
        Real rest = x.times(angle.cosine).minus(angle.sine).over(angle.cosine.plus(x.times(angle.sine)));
        return guess.plus(arcSeries(rest, false));
    }

    public static Real asin(Real x) {
        Real other = cofactor(x);
        if (other.signum() == 0) {
            Real quarter = Constants.pi(x.bits()).scaled(-1);
            return x.signum() < 0 ? quarter.negate() : quarter;
        }
        return atan(x.over(other.sqrt()));
    }

    public static Real acos(Real x) {
        if (cofactor(x).signum() == 0) {
            return x.signum() < 0 ? Constants.pi(x.bits()) : x.constant(0);
        }
        Real less = x.negate().plus(1);
        return atan(less.over(x.plus(1)).sqrt()).scaled(1);
    }

    /** 1 − x². */
    private static Real cofactor(Real x) {
        return x.plus(1).times(x.negate().plus(1));
    }

    /** The angle of the point (x, y), which is not (0, 0). */
    public static Real atan2(Real y, Real x) {
        Real pi = Constants.pi(y.bits());
        if (x.signum() == 0) {
            return y.signum() < 0 ? pi.scaled(-1).negate() : pi.scaled(-1);
        }
        Real angle = atan(y.over(x));
        if (x.signum() > 0) {
            return angle;
        }
        return y.signum() < 0 ? angle.minus(pi) : angle.plus(pi);
    }

    // -------------------------------------------------------------------------------- hyperbolas

    public static Real sinh(Real x) {
        Real less = expm1(x.abs());
        Real size = less.plus(less.over(less.plus(1))).scaled(-1);
        return x.signum() < 0 ? size.negate() : size;
    }

    public static Real cosh(Real x) {
        Real power = exp(x.abs());
        return power.plus(power.reciprocal()).scaled(-1);
    }

    public static Real tanh(Real x) {
        Real less = expm1(x.abs().scaled(1).negate());
        Real size = less.over(less.plus(2)).negate();
        return x.signum() < 0 ? size.negate() : size;
    }

    /** 1/(1 + e⁻ˣ). */
    public static Real sigmoid(Real x) {
        Real power = exp(x.abs().negate());
        Real small = power.over(power.plus(1));
        return x.signum() < 0 ? small : power.plus(1).reciprocal();
    }

    /** ln(1 + eˣ). */
    public static Real softplus(Real x) {
        Real power = log1p(exp(x.abs().negate()));
        return x.signum() < 0 ? power : x.plus(power);
    }
}
