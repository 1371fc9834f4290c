package dev.clew.tensor;

import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;

/** Checks of arguments that come in numbers. */
final class Lists {
    private Lists() {}

    static List<Tensor> atLeastOne(String label, List<Tensor> tensors) {
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    label + " of an empty list: shape and type come from the tensors, so there must be at least one");
        }
        return tensors;
    }

    /** A shape in which one length may be -1: whatever makes the number of elements right. */
    static Shape inferred(Shape from, int... lengths) {
        int[] to = lengths.clone();
        int unknown = -1;
        int known = 1;
        for (int axis = 0; axis < to.length; axis++) {
            if (to[axis] == -1 && unknown < 0) {
                unknown = axis;
            } else {
                known *= to[axis];
            }
        }
        if (unknown >= 0) {
            if (known <= 0 || from.elements() % known != 0) {
                throw new IllegalArgumentException("reshape " + from + " to " + Arrays.toString(lengths) + ": "
                        + from.elements() + " elements do not divide into parts of " + known);
            }
            to[unknown] = from.elements() / known;
        }
        return Shape.of(to);
    }
}
