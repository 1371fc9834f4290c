package dev.clew.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * First and second derivatives as central differences, with steps so small, and so many digits, that what the differences leave out
 * is below all that f64 could tell. No rule of differentiation is used.
 */
public final class Derivatives {
    /** The step is 2 to the power of −{@value} of the input or of 1, whichever is less; its square is what is left out. */
    private static final int STEP = 160;

    private static final int FIRST = 512;
    /** Bits of an addend, which is but a measure. */
    private static final int ADDENDS = 64;
    /** Where ∂ab is in the list. */
    private static final int MIXED = 3;

    private final ExactFunction function;
    private final double[] x;
    private final int leading;

    private Derivatives(ExactFunction function, int leading, double... x) {
        this.function = function;
        this.leading = leading;
        this.x = x.clone();
    }

    /** Whether the function is defined on all sides of a point. */
    public static boolean exist(ExactFunction function, double... x) {
        Derivatives at = new Derivatives(function, 1, x);
        return function.isDefined(x)
                && IntStream.range(0, x.length)
                        .allMatch(i -> function.domain().has(at.near(FIRST, i, 1, i, 0))
                                && function.domain().has(at.near(FIRST, i, -1, i, 0)));
    }

    /** y' and y'' of one input, ∂a, ∂b, ∂aa, ∂ab and ∂bb of two, each with so many leading bits known. */
    public static List<Real> of(ExactFunction function, int leading, double... x) {
        Derivatives at = new Derivatives(function, leading, x);
        return switch (x.length) {
            case 1 -> List.of(at.first(0), at.second(0, 0));
            default -> List.of(at.first(0), at.first(1), at.second(0, 0), at.second(0, 1), at.second(1, 1));
        };
    }

    /**
     * The largest addend of each derivative that is a sum with a zero, and elsewhere the derivative. Of x·g(x) these are g + x·g' and
     * 2g' + x·g''.
     */
    public static List<Real> addends(String label, List<Real> derivatives, double... x) {
        return switch (label) {
            case "silu" -> ofProduct("sigmoid", derivatives, x);
            case "gelu" -> ofProduct("normalCdf", derivatives, x);
            case "geluTanh" -> ofProduct("geluTanhGate", derivatives, x);
            case "digamma" ->
                x[0] > 0 ? derivatives : List.of(derivatives.get(0), ofReflection(derivatives.get(1), x[0]));
            case "pow", "atan2" -> {
                List<Real> addends = new ArrayList<>(derivatives);
                addends.set(MIXED, largest(derivatives.get(MIXED), label.equals("pow") ? ofPower(x) : ofAngle(x)));
                yield addends;
            }
            default -> derivatives;
        };
    }

    private static List<Real> ofProduct(String factor, List<Real> derivatives, double... x) {
        ExactFunction g = ExactFunctions.of(factor).orElseThrow();
        List<Real> slopes = of(g, ADDENDS, x);
        return List.of(
                largest(
                        derivatives.get(0),
                        List.of(g.at(ADDENDS, x), slopes.get(0).times(x[0]))),
                largest(
                        derivatives.get(1),
                        List.of(slopes.get(0).scaled(1), slopes.get(1).times(x[0]))));
    }

    /** Of ψ''(1 − x) − 2π³·cos πx/sin³ πx. */
    private static Real ofReflection(Real sum, double x) {
        Real other =
                of(ExactFunctions.of("digamma").orElseThrow(), ADDENDS, 1 - x).get(1);
        return largest(sum, List.of(other, sum.minus(other)));
    }

    /** Of aᵇ⁻¹ + b·aᵇ⁻¹·ln a. */
    private static List<Real> ofPower(double... x) {
        Real a = Real.of(x[0], FIRST);
        Real log = Elementary.log(a);
        Real power = Elementary.exp(log.times(Real.of(x[1], FIRST).minus(1)));
        return List.of(power, power.times(log).times(x[1]));
    }

    /** Of (a² − b²)/(a² + b²)². */
    private static List<Real> ofAngle(double... x) {
        Real a = Real.of(x[0], FIRST).square();
        Real b = Real.of(x[1], FIRST).square();
        Real norm = a.plus(b).square();
        return List.of(a.over(norm), b.over(norm));
    }

    private static Real largest(Real sum, List<Real> addends) {
        return addends.stream().map(Real::abs).reduce(sum.abs(), Real::max);
    }

    private Real first(int i) {
        return known(
                bits -> moved(bits, i, 1, i, 0).minus(moved(bits, i, -1, i, 0)).scaled(-1 - step(i)));
    }

    private Real second(int i, int j) {
        return known(bits -> {
            Stream<Real> terms = i == j
                    ? Stream.of(
                            moved(bits, i, 1, i, 0),
                            moved(bits, i, 0, i, 0).scaled(1).negate(),
                            moved(bits, i, -1, i, 0))
                    : Stream.of(
                            moved(bits, i, 1, j, 1),
                            moved(bits, i, 1, j, -1).negate(),
                            moved(bits, i, -1, j, 1).negate(),
                            moved(bits, i, -1, j, -1));
            Real sum = terms.reduce(Real::plus).orElseThrow();
            return sum.scaled((i == j ? 0 : -2) - step(i) - step(j));
        });
    }

    private Real known(ExactFunction.WithBits number) {
        return ExactFunction.known(leading, FIRST, number);
    }

    /** The function where input i is so many steps away, and input j. */
    private Real moved(int bits, int i, int steps, int j, int others) {
        return function.formula().of(near(bits, i, steps, j, others));
    }

    private Real[] near(int bits, int i, int steps, int j, int others) {
        Real[] at = Arrays.stream(x).mapToObj(number -> Real.of(number, bits)).toArray(Real[]::new);
        at[i] = at[i].plus(Real.of(steps, bits).scaled(step(i)));
        at[j] = at[j].plus(Real.of(others, bits).scaled(step(j)));
        return at;
    }

    private int step(int i) {
        return (x[i] == 0 ? 0 : Math.min(Real.of(x[i], FIRST).magnitude(), 0)) - STEP;
    }
}
