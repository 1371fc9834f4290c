package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * What cells with several gates have in common: their matrices lie side by side, so that one product serves all.
 *
 * @param name of the cell, as errors begin
 * @param count how many gates
 * @param wx (inputs, count·units)
 * @param wh (what is carried, count·units)
 * @param b (count·units), or (0) for none
 * @param inner (count·units), added to the product of what is carried
 */
record Gates(String name, int count, Parameter wx, Parameter wh, Parameter b, Optional<Parameter> inner) {
    Gates {
        boolean fits = wx.shape().rank() == 2
                && wh.shape().rank() == 2
                && wx.shape().length(1) % count == 0
                && wh.shape().length(1) == wx.shape().length(1)
                && (b.shape().equals(Shape.of(wx.shape().length(1))) || isNone(b));
        if (!fits) {
            throw new IllegalArgumentException(name + " with wx " + wx.shape() + ", wh " + wh.shape() + " and b "
                    + b.shape() + ": they must be (inputs, " + count + "·units), (units, " + count + "·units) and ("
                    + count + "·units)");
        }
        if (inner.isPresent() && !inner.get().shape().equals(Shape.of(wx.shape().length(1)))) {
            throw new IllegalArgumentException(name + " with wx " + wx.shape() + " and inner "
                    + inner.get().shape() + ": the second bias must be "
                    + Shape.of(wx.shape().length(1)));
        }
    }

    Gates(String name, int count, Parameter wx, Parameter wh, Parameter b) {
        this(name, count, wx, wh, b, Optional.empty());
    }

    /** Whether a bias stands for none. */
    static boolean isNone(Parameter bias) {
        return bias.shape().equals(Shape.of(0));
    }

    /** With numbers from an initializer. */
    static Gates create(String name, int count, int inputs, int carried, int units, Beginning beginning) {
        Present.require(name, beginning.dtype, beginning.initializer, beginning.key);
        int all = count * units;
        return new Gates(
                name,
                count,
                beginning.parameter(name, 0, Shape.of(inputs, all)),
                beginning.parameter(name, 1, Shape.of(carried, all)),
                beginning.parameter(name, 2, Shape.of(all)));
    }

    /** How parameters begin. */
    record Beginning(DType dtype, Initializer initializer, RandomKey key) {
        Parameter parameter(String name, int number, Shape shape) {
            return LayerInput.parameter(name, initializer, key.fold(number), dtype, shape);
        }
    }

    /** A parameter that begins with the sum of two biases. */
    static Parameter sum(Parameter bias, Tensor second) {
        return Parameter.of(isNone(bias) ? second.value() : bias.plus(second).value());
    }

    int units() {
        return wx.shape().length(1) / count;
    }

    /** x·wx + b + h·wh + inner, for all gates. */
    Tensor of(Tensor x, Tensor h) {
        Tensor sum = ofInput(x, h).plus(h.matmul(wh));
        return inner.isPresent() ? sum.plus(inner.get()) : sum;
    }

    /** x·wx + b, for all gates, for a step from h. */
    Tensor ofInput(Tensor x, Tensor h) {
        int inputs = wx.shape().length(0);
        int carried = wh.shape().length(0);
        Present.single(name, x, h);
        boolean fits = x.shape().rank() == 2
                && h.shape().rank() == 2
                && x.shape().length(0) == h.shape().length(0)
                && x.shape().length(1) == inputs
                && h.shape().length(1) == carried;
        if (!fits) {
            throw new IllegalArgumentException(name + " with x " + x.shape() + " and h " + h.shape() + ": with wx "
                    + wx.shape() + " and wh " + wh.shape() + " they must be (batch, " + inputs + ") and (batch, "
                    + carried + "), of one batch; start(batch) makes a first state");
        }
        LayerInput.alike(name, x, h, wx, wh, b, inner.orElse(b));
        Tensor product = x.matmul(wx);
        return isNone(b) ? product : product.plus(b);
    }

    /** The columns of one gate, or of several that follow one another. */
    Tensor gate(Tensor all, int first, int gates) {
        return all.slice(-1, first * units(), (first + gates) * units());
    }

    /** The columns of wh for one gate, or for several that follow one another. */
    Tensor carried(int first, int gates) {
        return gate(wh, first, gates);
    }
}
