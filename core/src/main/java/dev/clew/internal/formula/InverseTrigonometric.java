package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * atan, atan2, asin and acos in f64: all are the angle of a point in the first quadrant.
 *
 * <p>The angle of (x, y) is that of the smaller side over the larger, or π/2 without it. With c the nearest quarter to the
 * quotient, tan(α − atan c) = (y − c·x)/(x + c·y) is at most 1/8, and the Taylor series of atan is short. The sides are {@link
 * Pair}s: for asin one of them is √(1 − x²), whose rounding would show.
 */
public final class InverseTrigonometric {
    private static final Pair HALF_PI = Pair.constant(0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54);
    private static final Pair PI = Pair.constant(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53);
    /** atan of 0, ¼, ½, ¾ and 1. */
    private static final Pair[] ANGLES = {
        Pair.constant(0, 0),
        Pair.constant(0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57),
        Pair.constant(0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56),
        Pair.constant(0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56),
        Pair.constant(0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)
    };
    /** Below it, tan α = α = sin α to the last bit. */
    private static final double SMALL = 0x1p-28;

    private InverseTrigonometric() {}

    /** The angle of (x, y), for x and y not negative and not both 0, without overflow in their products. */
    private static Pair angle(Pair y, Pair x) {
        Expression steep = x.high().less(y.high());
        Pair shorter = Pair.select(steep, x, y);
        Pair longer = Pair.select(steep, y, x);
        Expression quotient = shorter.high().div(longer.high());
        Expression c = quotient.plus(0x1.8p50).minus(0x1.8p50);
        Pair tangent = shorter.minus(longer.times(c)).div(longer.plus(shorter.times(c)));
        double[] series = new double[9];
        for (int i = 0; i < series.length; i++) {
            series[i] = (i % 2 == 0 ? -1.0 : 1.0) / (2 * i + 3);
        }
        Expression square = tangent.high().times(tangent.high());
        Expression rest = tangent.high().times(square).fma(square.polynomial(series), tangent.low());
        Pair start = ANGLES[0];
        for (int i = 1; i < ANGLES.length; i++) {
            start = Pair.select(c.equalTo(constant(0.25 * i)), ANGLES[i], start);
        }
        Pair sum = Pair.sum(start.high(), tangent.high());
        Pair angle = Pair.ordered(sum.high(), sum.low().plus(start.low().plus(rest)));
        return Pair.select(steep, HALF_PI.minus(angle), angle);
    }

    /** atan x. */
    public static Expression atan(Expression x) {
        // π/2 is the nearest number long before 2⁹⁰, and products stay finite.
        Expression size = x.abs().min(constant(0x1p90));
        Expression angle = angle(Pair.of(size), Pair.of(constant(1))).high().copySign(x);
        return x.abs().less(constant(SMALL)).select(x, angle);
    }

    /** 1/(1 + x²), where x² may leave the range of numbers. */
    public static Expression atanSlope(DType type, Expression x) {
        Expression inverse = constant(1).div(x);
        Expression near = constant(1).div(x.times(x).plus(1));
        // From here on the 1 is less than the last bit of the sum.
        double far = type == DType.F32 ? 0x1p13 : 0x1p28;
        return constant(far).less(x.abs()).select(inverse.times(inverse), near);
    }

    /** asin x; NaN outside −1 to 1. */
    public static Expression asin(Expression x) {
        Expression angle = angle(Pair.of(x.abs()), otherSide(x)).high().copySign(x);
        return x.abs().less(constant(SMALL)).select(x, angle);
    }

    /** acos x; NaN outside −1 to 1. */
    public static Expression acos(Expression x) {
        Pair angle = angle(otherSide(x), Pair.of(x.abs()));
        return Pair.select(x.less(constant(0)), PI.minus(angle), angle).high();
    }

    /** √(1 − x²). */
    private static Pair otherSide(Expression x) {
        Pair square = Pair.product(x, x);
        Pair rest = Pair.ordered(constant(1), square.high().negate());
        return Pair.ordered(rest.high(), rest.low().minus(square.low())).sqrt();
    }

    /**
     * The angle of (x, y), from −π to π. Zeros keep their signs, which choose the side of the cut along the negative x axis;
     * an infinite side is to a finite one as 1 to 0.
     */
    public static Expression atan2(Expression y, Expression x) {
        Expression zero = constant(0);
        Expression one = constant(1);
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression farX = x.abs().equalTo(infinite);
        Expression farY = y.abs().equalTo(infinite);
        Expression far = farX.max(farY);
        Expression nowhere = x.equalTo(zero).min(y.equalTo(zero));
        Expression sideX = nowhere.select(one, far.select(farX, x.abs()));
        Expression sideY = far.select(farY, y.abs());
        Expression longest = sideX.max(sideY);
        Expression scale = constant(0x1p900)
                .less(longest)
                .select(constant(0x1p-200), longest.less(constant(0x1p-700)).select(constant(0x1p300), one));
        Pair angle = angle(Pair.of(sideY.times(scale)), Pair.of(sideX.times(scale)));
        Expression quotient = sideY.div(sideX);
        Expression right = quotient.less(constant(SMALL)).select(quotient, angle.high());
        Expression left = PI.minus(angle).high();
        Expression result = one.copySign(x).less(zero).select(left, right).copySign(y);
        Expression isNumber = x.equalTo(x).min(y.equalTo(y));
        return isNumber.select(result, x.plus(y));
    }
}
