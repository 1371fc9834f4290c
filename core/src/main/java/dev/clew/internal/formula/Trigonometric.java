package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * sin, cos and tan of any number, however large.
 *
 * <p>x = (n + t)·π/2 with an integer n and |t| ≤ ½; only n modulo 4 and t matter. Since x = f·2ᵉ is given to its last bit, so
 * is x·2/π, if enough bits of 2/π are at hand. Those that make whole multiples of 4 can be left out, and after the binary
 * point some 125 are needed, because no f64 comes nearer to a multiple of π/2 than about 2⁻⁶¹ (Payne and Hanek, Radian
 * Reduction for Trigonometric Functions, 1983; the bound: Muller, Elementary Functions, 10.2). So 2/π is stored in pieces of 47
 * bits, the exponent says with which piece to begin, and five pieces are enough. Their products are exact pairs, and the
 * sum of those is taken twice over, so that nothing of t is lost where n cancels. All of it is the same for every x, so
 * no branch is needed.
 *
 * <p>On |r| ≤ π/4 the Taylor series do, with what r lost by rounding as a correction.
 */
public final class Trigonometric {
    private static final Pair HALF_PI = Pair.constant(0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54);
    /** Bits of 2/π per piece. */
    private static final int PIECE = 47;

    private Trigonometric() {}

    /** Which quarter turn, as an integer from −2 to 2, and the angle from its middle. */
    private record Reduced(Expression quarter, Pair angle) {
        Expression isOdd() {
            return quarter.abs().equalTo(constant(1));
        }
    }

    /** sin x; NaN at ±∞. In f64 arithmetic, with an argument reduction that is enough for the type. */
    public static Expression sin(DType type, Expression x) {
        Reduced reduced = reduce(type, x.abs());
        Expression quarter = reduced.quarter;
        Expression size = reduced.isOdd()
                .select(cosine(reduced.angle).high(), sine(reduced.angle).high());
        Expression isNegative = quarter.less(constant(0)).max(quarter.equalTo(constant(2)));
        Expression sine = isNegative.notEqualTo(x.less(constant(0))).select(size.negate(), size);
        return complete(x, x, sine);
    }

    /** cos x; NaN at ±∞. */
    public static Expression cos(DType type, Expression x) {
        Reduced reduced = reduce(type, x.abs());
        Expression quarter = reduced.quarter;
        Expression size = reduced.isOdd()
                .select(sine(reduced.angle).high(), cosine(reduced.angle).high());
        Expression isNegative = constant(0).less(quarter).max(quarter.equalTo(constant(-2)));
        return complete(x, constant(1), isNegative.select(size.negate(), size));
    }

    /** tan x; NaN at ±∞. */
    public static Expression tan(DType type, Expression x) {
        Reduced reduced = reduce(type, x.abs());
        Pair sine = sine(reduced.angle);
        Pair cosine = cosine(reduced.angle);
        Expression isOdd = reduced.isOdd();
        Expression size = Pair.select(isOdd, cosine, sine)
                .div(Pair.select(isOdd, sine, cosine))
                .high();
        return complete(x, x, isOdd.notEqualTo(x.less(constant(0))).select(size.negate(), size));
    }

    /** A function of finite numbers, completed: near 0 its limit, which the reduction might lose, and NaN at ±∞. */
    private static Expression complete(Expression x, Expression limit, Expression result) {
        Expression finite = x.abs().less(constant(Double.POSITIVE_INFINITY)).select(result, x.minus(x));
        return x.abs().less(constant(0x1p-27)).select(limit, finite);
    }

    private static Reduced reduce(DType type, Expression x) {
        List<Expression> parts = products(type, x);
        Expression near = parts.getFirst();
        for (Expression part : parts.subList(1, parts.size())) {
            near = near.plus(part);
        }
        Expression n = nearest(near);
        parts.addFirst(n.negate());
        distill(parts);
        if (type == DType.F64) {
            distill(parts);
        }
        Expression low = parts.getFirst();
        for (Expression part : parts.subList(1, parts.size() - 1)) {
            low = low.plus(part);
        }
        Expression quarter = n.minus(nearest(n.times(0.25)).times(4));
        return new Reduced(quarter, new Pair(parts.getLast(), low).times(HALF_PI));
    }

    /** Numbers whose sum is x·2/π but for a multiple of 4, and all so small that their sum has a good integer part. */
    private static List<Expression> products(DType type, Expression x) {
        Expression exponent = x.exponent().max(constant(-60));
        // The first piece whose product with f has bits that are no multiple of 4.
        Expression first =
                nearest(exponent.minus(55 + PIECE / 2).times(1.0 / PIECE)).max(constant(0));
        Expression f = x.fraction().times(exponent.minus(first.times(PIECE)).powerOfTwo());
        int pieces = type == DType.F64 ? 5 : 4;
        List<Expression> parts = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            Expression piece = first.plus(i).twoOverPi().times(Math.scalb(1.0, -PIECE * i));
            Pair product = Pair.product(f, piece);
            switch (i) {
                case 0 -> {
                    parts.add(without(0x1.8p54, without(0x1.8p104, product.high())));
                    parts.add(without(0x1.8p54, product.low()));
                }
                case 1 -> {
                    parts.add(without(0x1.8p56, product.high()));
                    parts.add(product.low());
                }
                default -> {
                    parts.add(product.high());
                    parts.add(product.low());
                }
            }
        }
        return parts;
    }

    /** What is left of x after the multiples of the unit that has its last place in {@code large} are taken away; exact. */
    private static Expression without(double large, Expression x) {
        return x.minus(x.plus(large).minus(large));
    }

    /** The nearest integer to a number up to 2⁵¹. */
    private static Expression nearest(Expression x) {
        return x.plus(0x1.8p52).minus(0x1.8p52);
    }

    /** Leaves the sum as it is; the last number becomes the sum rounded, the others what that lost (Ogita, Rump and Oishi, 2005). */
    private static void distill(List<Expression> parts) {
        for (int i = 1; i < parts.size(); i++) {
            Pair sum = Pair.sum(parts.get(i), parts.get(i - 1));
            parts.set(i, sum.high());
            parts.set(i - 1, sum.low());
        }
    }

    /** r − r³/3! + r⁵/5! − ..., and low·cos r. */
    private static Pair sine(Pair r) {
        Expression square = r.high().times(r.high());
        Expression slope = square.fma(constant(-0.5), constant(1));
        Expression series = square.polynomial(factorials(3));
        return Pair.ordered(r.high(), r.high().times(square).fma(series, r.low().times(slope)));
    }

    /** 1 − r²/2 + r⁴/4! − ..., and −low·sin r; r² as a pair, because half of it is not small. */
    private static Pair cosine(Pair r) {
        Pair square = Pair.product(r.high(), r.high());
        Pair sum = Pair.ordered(constant(1), square.high().times(-0.5));
        Expression series = square.high().polynomial(factorials(4));
        Expression correction = square.low().fma(constant(0.5), r.high().times(r.low()));
        Expression rest = square.high().times(square.high()).fma(series, correction.negate());
        return Pair.ordered(sum.high(), sum.low().plus(rest));
    }

    /** 1/n!, −1/(n + 2)!, 1/(n + 4)!, ..., with the sign that the term has in the series. */
    private static double[] factorials(int from) {
        double factorial = 1;
        for (int i = 2; i <= from; i++) {
            factorial *= i;
        }
        double[] coefficients = new double[from == 3 ? 8 : 7];
        for (int i = 0, next = from; i < coefficients.length; i++) {
            boolean isNegative = (next / 2) % 2 == 1;
            coefficients[i] = (isNegative ? -1 : 1) / factorial;
            factorial *= (double) (next + 1) * (next + 2);
            next += 2;
        }
        return coefficients;
    }
}
