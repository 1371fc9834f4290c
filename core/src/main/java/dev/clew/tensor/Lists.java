package dev.clew.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments that come in numbers, and their checks. */
final class Lists {
    private Lists() {}

    /** What an operation is applied to. Every node comes here, so it looks before it asks who is null. */
    static List<Tensor> inputs(Op op, Tensor... inputs) {
        boolean isThere = inputs != null;
        for (int i = 0; isThere && i < inputs.length; i++) {
            isThere = inputs[i] != null;
        }
        if (!isThere) {
            Present.require(op.label(), (Object) inputs);
        }
        return List.of(inputs);
    }

    static List<Tensor> atLeastOne(String label, @Nullable List<Tensor> tensors) {
        if (tensors == null) {
            throw new IllegalArgumentException(label + " of null: it takes a list of tensors");
        }
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i) == null) {
                throw new IllegalArgumentException(label + " of a list with null at " + i + ": there must be a tensor");
            }
        }
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    label + " of an empty list: shape and type come from the tensors, so there must be at least one");
        }
        return tensors;
    }

    static Tensor concat(int axis, List<Tensor> parts) {
        Shape first = atLeastOne("concat", parts).getFirst().shape();
        if (first.rank() == 0) {
            throw new IllegalArgumentException("concat of single numbers: they have no axis; use stack");
        }
        return Movement.Concat.of(first.axis(axis), parts);
    }

    static Tensor stack(int axis, List<Tensor> parts) {
        Shape first = atLeastOne("stack", parts).getFirst().shape();
        for (int i = 1; i < parts.size(); i++) {
            if (!parts.get(i).shape().equals(first)) {
                throw new IllegalArgumentException("stack: tensor 0 is " + first + " but tensor " + i + " is "
                        + parts.get(i).shape() + "; all shapes must be equal");
            }
        }
        List<Tensor> expanded =
                parts.stream().map(part -> part.expandDims(axis)).toList();
        return Movement.Concat.of(expanded.getFirst().shape().axis(axis), expanded);
    }

    /** A shape in which one length may be -1: whatever makes the number of elements right. */
    static Shape inferred(Shape from, int... lengths) {
        int unknown = Ints.indexOf(lengths, -1);
        if (unknown < 0) {
            return Shape.of(lengths);
        }
        int[] to = lengths.clone();
        to[unknown] = 1;
        String asked = "reshape " + from + " to (" + Ints.join(", ", lengths) + "): ";
        if (Ints.contains(to, -1)) {
            throw new IllegalArgumentException(asked + "only one length may be -1");
        }
        int known = Shape.of(to).elements();
        if (known == 0) {
            throw new IllegalArgumentException(
                    asked + "next to a length of 0, any length would do for -1; write the one that is meant");
        }
        if (from.elements() % known != 0) {
            throw new IllegalArgumentException(
                    asked + from.elements() + " elements do not divide into parts of " + known);
        }
        to[unknown] = from.elements() / known;
        return Shape.of(to);
    }
}
