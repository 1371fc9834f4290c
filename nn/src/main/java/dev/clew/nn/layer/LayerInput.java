package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.OptionalDouble;

/** What layers are given, and the errors where it does not fit. */
final class LayerInput {
    private LayerInput() {}

    /** A parameter as an initializer makes it, which anybody may have written. */
    static Parameter parameter(String name, Initializer initializer, RandomKey key, DType dtype, Shape shape) {
        NDArray numbers = Present.given(name, "its initializer", initializer.create(key, dtype, shape));
        if (!numbers.shape().equals(shape) || numbers.dtype() != dtype) {
            throw new IllegalArgumentException(name + ": its initializer gave " + numbers.shape() + " "
                    + numbers.dtype() + " where " + shape + " " + dtype + " was asked for");
        }
        return Parameter.of(numbers);
    }

    /** One floating-point type. */
    static void alike(String name, Tensor x, Tensor... others) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    name + " of " + typed(x) + ": it needs floating-point numbers; cast first: .cast(DType.F64)");
        }
        for (Tensor other : others) {
            if (other.dtype() != x.dtype()) {
                throw new IllegalArgumentException(name + " of " + typed(x) + " with " + typed(other)
                        + ": element types do not mix; cast x: .cast(DType."
                        + other.dtype().name() + ")");
            }
        }
    }

    /** A bound for what goes into activations. */
    static void requireClip(String name, OptionalDouble clip) {
        if (clip.isPresent() && !(clip.getAsDouble() > 0)) {
            throw new IllegalArgumentException(name + " with clip " + clip.getAsDouble()
                    + ": what goes into the activations is brought into [−clip, clip], so it must be above 0");
        }
    }

    /** What goes into an activation, within its bounds. */
    static Tensor clipped(Tensor x, OptionalDouble clip) {
        return clip.isPresent() ? x.minimum(clip.getAsDouble()).maximum(-clip.getAsDouble()) : x;
    }

    static String typed(Tensor x) {
        return x.shape() + " " + x.dtype();
    }
}
