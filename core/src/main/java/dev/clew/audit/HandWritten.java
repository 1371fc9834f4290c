package dev.clew.audit;

import dev.clew.array.NDArray;
import java.util.Map;

/**
 * Code with a gradient that was written by hand, to be called at chosen points, several times in a row.
 *
 * <p>What it keeps between calls stays its own: an accumulator that is never set to 0 shows at the second call.
 */
@FunctionalInterface
public interface HandWritten {
    /**
     * Computes forward and backward.
     *
     * @param point the numbers of every name that the model was given: parameters, initial states, data
     */
    ByHand run(Map<String, NDArray> point);
}
