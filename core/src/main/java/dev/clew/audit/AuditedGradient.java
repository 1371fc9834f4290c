package dev.clew.audit;

import dev.clew.array.Shape;
import java.util.List;

/**
 * One array of the gradient that was written by hand, beside the automatic one.
 *
 * @param name of the parameter or initial state
 * @param shape its shape
 * @param isRight whether all of its numbers agree
 * @param relativeError ‖yours − right‖ / ‖right‖; infinite if that is a division by 0
 * @param cosine of the angle between the two; NaN if one of them is 0
 * @param worst the elements that are farthest off, the worst first; none if it is right
 */
public record AuditedGradient(
        String name, Shape shape, boolean isRight, double relativeError, double cosine, List<Element> worst) {

    public AuditedGradient {
        worst = List.copyOf(worst);
    }

    /** One number of it. */
    public record Element(List<Integer> index, double yours, double right) {
        public Element {
            index = List.copyOf(index);
        }
    }
}
