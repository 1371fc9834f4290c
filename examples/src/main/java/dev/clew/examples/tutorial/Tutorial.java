package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A gradient that was written by hand, and the same forward pass in Clew.
 *
 * @param name what it is called
 * @param source where it stands
 * @param written what stands there
 * @param right what must stand there
 * @param isRight whether the gradient is right as it stands
 * @param model builds the forward pass from the numbers of a point
 * @param points draws a point: numbers of all parameters, initial states and data, in f64
 * @param code the code by hand, new and never called
 */
public record Tutorial(
        String name,
        String source,
        String written,
        String right,
        boolean isRight,
        Function<Map<String, Tensor>, Unrolled> model,
        Function<RandomKey, Map<String, NDArray>> points,
        Supplier<HandWritten> code) {

    /** Numbers by name, the same for the same key. */
    public Map<String, NDArray> point(RandomKey key) {
        return points.apply(key);
    }

    /** The code by hand, as it is before its first call. */
    public HandWritten handWritten() {
        return code.get();
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
