package dev.clew.gradient;

import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * A tensor that a function maps to itself, h = F(h), found by applying F again and again, with the derivative that the equation
 * implies and not that of the iterations: an equilibrium layer, an implicit step of a differential equation.
 *
 * <p>With J = ∂F/∂h at h, everything θ that F is computed from moves h by dh = (I − J)⁻¹·∂F/∂θ·dθ. So a cotangent h̄ goes to v =
 * (I − Jᵀ)⁻¹h̄, which is again a fixed point, v = h̄ + Jᵀv, and from there to θ̄ = (∂F/∂θ)ᵀv. That is a formula of fixed points, and
 * has derivatives of every order. Memory does not grow with the iterations. Nothing flows to the start.
 *
 * {@snippet lang=java :
 * Tensor h = FixedPoint.of(z -> z.matmul(w).plus(x.matmul(u)).tanh(), Tensor.zeros(DType.F64, 32, 16));
 * }
 *
 * <p>F converges if it brings all points nearer to one another, as it does where the largest singular value of J is below 1. Its
 * iterations are done inside plans too, one operation after the other, in a single thread. (Bai, Kolter and Koltun, Deep equilibrium
 * models, 2019, arXiv 1909.01377.)
 */
public final class FixedPoint {
    private static final double WITHIN_F64 = 0x1p-44;
    private static final double WITHIN_F32 = 0x1p-20;
    private static final int MOST = 1000;

    private FixedPoint() {}

    /**
     * The fixed point to nearly all digits of its type, 2⁻⁴⁴ in f64 and 2⁻²⁰ in f32, within 1000 iterations: {@code of(function, start,
     * tolerance, most)}.
     */
    public static Tensor of(UnaryOperator<Tensor> function, Tensor start) {
        Present.require("fixed point", function, start);
        return of(function, start, start.dtype() == DType.F32 ? WITHIN_F32 : WITHIN_F64, MOST);
    }

    /**
     * The fixed point that is reached from a start. Evaluating it is an {@link ArithmeticException} if that does not come about.
     *
     * <p>Shapes: the start and F of it are alike, and so is the result.
     *
     * @param function F, called once, with a tensor that has no numbers
     * @param tolerance it is reached when no element of F(h) is further from h than this, relative to the largest |F(h)| or to 1,
     *     whichever is larger
     * @param most after so many iterations it is not
     * @throws IllegalArgumentException if F gives another shape or type, or the start has no floating-point numbers, or the tolerance is
     *     not from 0 to below 1, or no iteration is allowed
     */
    public static Tensor of(UnaryOperator<Tensor> function, Tensor start, double tolerance, int most) {
        Present.require("fixed point", function, start);
        if (!start.dtype().isFloating()) {
            throw new IllegalArgumentException("fixed point from " + start.describe()
                    + ": it is approached in steps that become smaller, which only floating-point numbers can");
        }
        if (!(tolerance >= 0 && tolerance < 1) || most < 1) {
            throw new IllegalArgumentException("fixed point within " + tolerance + " after at most " + most
                    + " iterations: the tolerance must be at least 0 and below 1, and there must be an iteration");
        }
        Tensor h = Tensor.input("h", start.dtype(), start.shape().lengths());
        Tensor next = Present.given("fixed point", "the function", function.apply(h));
        if (!next.shape().equals(start.shape()) || next.dtype() != start.dtype()) {
            throw new IllegalArgumentException(
                    "fixed point from " + start.describe() + ": the function gives " + next.describe()
                            + ", which it must take in its turn; shape and type have to be those of the start");
        }
        return Iteration.of(h, next, start, tolerance, most);
    }
}
