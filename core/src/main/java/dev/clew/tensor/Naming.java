package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Indices;

/**
 * What indices are to whoever called, for errors to speak of. It is not what is computed: an operation and its derivative are the
 * same whatever they are called, so any two are equal.
 */
public sealed interface Naming permits Naming.Plain, Naming.Along, Selection.Labels {
    /**
     * The numbers of indices, each of which is in range.
     *
     * @param from what is chosen from, as the operation has it
     * @param bound how many there are to choose from
     */
    int[] of(Tensor indices, NDArray array, Shape from, int bound);

    /** An operation by its own name. */
    record Plain(String label, String things) implements Naming {
        @Override
        public int[] of(Tensor indices, NDArray array, Shape from, int bound) {
            return Indices.of(label, indices, array, bound, things);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Naming;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /**
     * A choice along an axis that was moved to the end, or to the start, for it.
     *
     * @param x what is chosen from, as the caller has it
     * @param moved whether the indices were moved too, from that axis to the end
     */
    record Along(String label, Shape x, int axis, boolean moved) implements Naming {
        @Override
        public int[] of(Tensor indices, NDArray array, Shape from, int bound) {
            String things = "elements along axis " + axis + " of " + x;
            if (!moved) {
                return Indices.of(label, indices, array, bound, things);
            }
            Shape shape = array.shape();
            int length = shape.length(-1);
            Shape asked = shape.without(-1).insert(axis, length);
            int behind = asked.elements() == 0 ? 1 : behind(asked);
            return Indices.of(label, indices, array, bound, things, asked, at -> {
                int line = at / length;
                return (line / behind * length + at % length) * behind + line % behind;
            });
        }

        private int behind(Shape asked) {
            int elements = 1;
            for (int i = axis + 1; i < asked.rank(); i++) {
                elements *= asked.length(i);
            }
            return elements;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Naming;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }
}
