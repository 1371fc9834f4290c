package dev.clew.gradient;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Products with the matrix J of all first derivatives, J itself, and the same for second derivatives. All of them are
 * graphs: they are differentiated, printed and evaluated like any other, through loops of any length.
 *
 * <p>There is one derivative rule per operation, the vjp x̄ = Jᵀȳ. It is linear in ȳ, so its derivative with respect to ȳ,
 * applied to a tangent ẋ, is J·ẋ: the jvp comes from differentiating the vjp (Townsend, A new trick for calculating Jacobian
 * vector products, 2017). Nodes that only held ȳ drop out of the result, whose size is a small multiple of the graph's.
 *
 * <p>A product of 0 and ∞ is NaN here as everywhere: where one element has an infinite derivative, as √x at 0, products with
 * vectors that are 0 there are NaN, and so are rows of J.
 */
public final class Derivatives {
    private Derivatives() {}

    /** The vector-Jacobian product Jᵀȳ, J = ∂y/∂x. Shapes: ȳ that of y → that of x. Cost: that of a gradient. */
    public static Tensor vjp(Tensor y, Tensor x, Tensor yBar) {
        Present.require("vjp", y, x, yBar);
        return Gradients.of(y, yBar).wrt(x);
    }

    /** The Jacobian-vector product J·ẋ, J = ∂y/∂x. Shapes: ẋ that of x → that of y. Cost: about two gradients. */
    public static Tensor jvp(Tensor y, Tensor x, Tensor xDot) {
        Present.require("jvp", y, x, xDot);
        return jvp(y, ImmutableMap.of(x, xDot));
    }

    /**
     * How y changes when several tensors move together: Σ ∂y/∂x·ẋ over the given pairs of x and ẋ. An x that is computed from
     * another given one does not also move with it: ẋ is all of its motion that counts beyond what the other causes.
     *
     * @throws IllegalArgumentException if a tangent has another shape or type than what it belongs to
     */
    public static Tensor jvp(Tensor y, Map<? extends Tensor, Tensor> tangents) {
        Present.require("jvp", y, tangents);
        Parameter yBar = Parameter.of(NDArray.full(0, requireFloating(y), y.shape()));
        Gradients back = Gradients.of(y, yBar);
        List<Tensor> products = new ArrayList<>();
        tangents.forEach((x, xDot) -> {
            requireTangent(y, x, xDot);
            if (back.reaches(x)) {
                products.add(back.wrt(x).times(xDot).cast(DType.F64).sum());
            }
        });
        return products.isEmpty()
                ? Tensor.zeros(y.dtype(), y.shape().lengths())
                : Gradients.of(Tensor.sum(products)).wrt(yBar);
    }

    /**
     * The Hessian-vector product H·v, H = ∂²y/∂x², for a single number y: the derivative of the gradient along v. Shapes: v
     * that of x → that of x. Cost: about two gradients (Pearlmutter, Fast exact multiplication by the Hessian, 1994).
     *
     * @throws IllegalArgumentException if y is not a single number, or v has another shape or type than x
     */
    public static Tensor hvp(Tensor y, Tensor x, Tensor v) {
        Present.require("hvp", y, x, v);
        requireTangent(y, x, v);
        return vjp(Gradients.of(y).wrt(x), x, v);
    }

    /**
     * All first derivatives. Shapes: y.shape + x.shape; element [i..., j...] is ∂y[i...]/∂x[j...]. The type is that of x. Cost:
     * as many gradients as the smaller of the two has elements, each with nodes of its own.
     */
    public static Tensor jacobian(Tensor y, Tensor x) {
        Present.require("jacobian", y, x);
        requireFloating(y);
        requireFloating(x);
        Shape shape = joined("jacobian", y, y.shape(), x);
        if (shape.elements() == 0 || !Gradients.of(y, zeros(y)).reaches(x)) {
            return Tensor.zeros(x.dtype(), shape.lengths());
        }
        boolean byRows = y.shape().elements() <= x.shape().elements();
        return byRows
                ? rows(y, x).reshape(shape)
                : columns(y, x).cast(x.dtype()).reshape(shape);
    }

    /**
     * All second derivatives. Shapes: y.shape + x.shape + x.shape, so x.shape + x.shape for a single number of shape (). Cost: as
     * many gradients as y.elements·x.elements.
     */
    public static Tensor hessian(Tensor y, Tensor x) {
        Present.require("hessian", y, x);
        if (y.shape().elements() == 1) {
            Shape shape = joined("hessian", y, joined("hessian", y, y.shape(), x), x);
            return jacobian(Gradients.of(y).wrt(x), x).reshape(shape);
        }
        return jacobian(jacobian(y, x), x);
    }

    /**
     * The gradients of every example of a batch by itself. The loss of one example is a function of its number, so that no
     * example sees another; the work is that of as many gradients of one example as there are examples, which is what one
     * gradient of the whole batch would multiply out, without its large products.
     *
     * @param examples how many there are
     * @param loss the loss of the example with a number from 0: one number
     */
    public static List<Gradients> perExample(int examples, IntFunction<Tensor> loss) {
        Present.require("perExample", loss);
        if (examples < 0) {
            throw new IllegalArgumentException("perExample of " + examples + " examples: there must be 0 or more");
        }
        List<Gradients> all = new ArrayList<>();
        for (int example = 0; example < examples; example++) {
            Tensor one = Present.given("perExample", "the loss of example " + example, loss.apply(example));
            if (one.shape().elements() != 1) {
                throw new IllegalArgumentException("gradients per example: the loss of example " + example + " is "
                        + one.describe() + ", not a single number; reduce it with sum() or mean()");
            }
            all.add(Gradients.of(one));
        }
        return List.copyOf(all);
    }

    /** The gradients of every example with respect to one tensor. Shapes: (examples) + x.shape. See the other method. */
    public static Tensor perExample(int examples, IntFunction<Tensor> loss, Tensor x) {
        Present.require("perExample", loss, x);
        if (examples == 0) {
            return Tensor.zeros(x.dtype(), x.shape().insert(0, 0).lengths());
        }
        return Tensor.stack(
                0,
                perExample(examples, loss).stream()
                        .map(gradients -> gradients.wrt(x))
                        .toList());
    }

    /** Row i is Jᵀeᵢ. */
    private static Tensor rows(Tensor y, Tensor x) {
        List<Tensor> rows = new ArrayList<>();
        for (int i = 0; i < y.shape().elements(); i++) {
            rows.add(vjp(y, x, unit(y, i)));
        }
        return Tensor.stack(0, rows);
    }

    /** Column j is J·eⱼ: all of them from one sweep back, whose results are swept once for each. */
    private static Tensor columns(Tensor y, Tensor x) {
        Parameter yBar = Parameter.of(NDArray.full(0, y.dtype(), y.shape()));
        Tensor xBar = Gradients.of(y, yBar).wrt(x);
        List<Tensor> columns = new ArrayList<>();
        for (int j = 0; j < x.shape().elements(); j++) {
            columns.add(Gradients.of(xBar, unit(x, j)).wrt(yBar).reshape(-1));
        }
        return Tensor.stack(1, columns);
    }

    /** 1 at a row-major position, 0 elsewhere. */
    private static Tensor unit(Tensor like, int position) {
        double[] numbers = new double[like.shape().elements()];
        numbers[position] = 1;
        return Tensor.of(NDArray.of(like.shape(), numbers).cast(like.dtype()));
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.dtype(), like.shape().lengths());
    }

    private static Shape joined(String asked, Tensor y, Shape shape, Tensor x) {
        try {
            return Shape.of(Ints.concat(shape.lengths(), x.shape().lengths()));
        } catch (IllegalArgumentException error) {
            throw new IllegalArgumentException(
                    asked + " of " + y.describe() + " by " + x.describe() + ": " + error.getMessage()
                            + "; products with it, jvp, vjp and hvp, need none of that",
                    error);
        }
    }

    private static void requireTangent(Tensor y, Tensor x, Tensor xDot) {
        requireFloating(x);
        if (!xDot.shape().equals(x.shape()) || xDot.dtype() != x.dtype()) {
            throw new IllegalArgumentException("derivative of " + y.describe() + " along " + xDot.describe() + " at "
                    + x.describe() + ": a tangent has the shape and type of what it belongs to");
        }
    }

    private static DType requireFloating(Tensor tensor) {
        if (!tensor.dtype().isFloating()) {
            throw new IllegalArgumentException("derivative at " + tensor.describe()
                    + ": integers and truth values have no derivatives; gradients stop there");
        }
        return tensor.dtype();
    }
}
