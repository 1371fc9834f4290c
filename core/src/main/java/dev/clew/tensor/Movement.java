package dev.clew.tensor;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Accumulator;
import dev.clew.internal.tensor.DTypes;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;

/** Operations that put elements elsewhere and change none. */
public sealed interface Movement extends Op
        permits Movement.Broadcast, Movement.Reshape, Movement.Transpose, Movement.Slice, Movement.Concat, Place {

    /** Repeats axes of length 1, and new axes in front, by NumPy's rule. */
    record Broadcast(Shape to) implements Movement {
        @Override
        public String label() {
            return "broadcast";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape from = inputs.getFirst().shape();
            if (from.rank() > to.rank()
                    || !Shape.areBroadcastable(from, to)
                    || !Shape.broadcast(from, to).equals(to)) {
                throw new IllegalArgumentException("broadcast " + from + " to " + to
                        + ": aligned at the last axis, every length must be equal or 1; expandDims adds an axis");
            }
            return to;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return inputs.getFirst().broadcastTo(to);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Shape from = y.input(0).shape();
            int added = to.rank() - from.rank();
            IntArrayList repeated = new IntArrayList();
            for (int axis = 0; axis < to.rank(); axis++) {
                if (axis < added || (from.length(axis - added) == 1 && to.length(axis) != 1)) {
                    repeated.add(axis);
                }
            }
            return new Reduction.Sum(IntTuple.of(repeated.toIntArray()))
                    .on(yBar)
                    .reshape(from);
        }
    }

    /** The same elements, counted row-major, in another shape. */
    record Reshape(Shape to) implements Movement {
        @Override
        public String label() {
            return "reshape";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape from = inputs.getFirst().shape();
            if (from.elements() != to.elements()) {
                throw new IllegalArgumentException("reshape " + from + " to " + to + ": " + from.elements()
                        + " elements cannot become " + to.elements());
            }
            return to;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return inputs.getFirst().reshape(to);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar.reshape(y.input(0).shape());
        }
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of the input. */
    record Transpose(IntTuple order) implements Movement {
        @Override
        public String label() {
            return "transpose";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape from = inputs.getFirst().shape();
            int[] sorted = order.toArray();
            Arrays.sort(sorted);
            int[] lengths = new int[from.rank()];
            for (int i = 0; i < lengths.length; i++) {
                if (sorted.length != lengths.length || sorted[i] != i) {
                    throw new IllegalArgumentException("transpose " + from + " by " + order
                            + ": the order must name every axis, 0 to " + (from.rank() - 1) + ", once");
                }
                lengths[i] = from.length(order.get(i));
            }
            return Shape.of(lengths);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return inputs.getFirst().permute(order.toArray());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            int[] inverse = new int[order.length()];
            for (int i = 0; i < inverse.length; i++) {
                inverse[order.get(i)] = i;
            }
            return new Transpose(IntTuple.of(inverse)).on(yBar);
        }
    }

    /** A window of an array: along axis i the elements start[i], start[i] + step[i], ..., size[i] of them. */
    record Slice(IntTuple start, IntTuple step, Shape size) implements Movement {
        @Override
        public String label() {
            return "slice";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            return size;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return inputs.getFirst().slice(start.toArray(), step.toArray(), size);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Place(y.input(0).shape(), ImmutableList.of(Window.of(this))).on(yBar);
        }
    }

    /** The inputs one after the other along an axis; {@code starts} says where each begins. */
    record Concat(int axis, IntTuple starts) implements Movement {
        @Override
        public String label() {
            return "concat";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            requireAlike(axis, inputs);
            Shape first = inputs.getFirst().shape();
            Shape last = inputs.getLast().shape();
            return first.with(axis, starts.get(starts.length() - 1) + last.length(axis));
        }

        private static void requireAlike(int axis, List<Tensor> inputs) {
            Shape first = inputs.getFirst().shape();
            long length = 0;
            for (int i = 0; i < inputs.size(); i++) {
                Shape shape = inputs.get(i).shape();
                if (shape.rank() != first.rank() || !shape.with(axis, 0).equals(first.with(axis, 0))) {
                    throw new IllegalArgumentException(
                            "concat along axis " + axis + ": tensor 0 is " + first + " but tensor " + i + " is " + shape
                                    + "; all lengths except that of axis " + axis + " must be equal");
                }
                length += shape.length(axis);
            }
            if (length > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("concat along axis " + axis + ": the length would be " + length
                        + ", and the most that one array can hold is 2147483647 elements");
            }
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            for (Tensor input : inputs) {
                DTypes.same(label(), inputs.getFirst(), input);
            }
            return inputs.getFirst().dtype();
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            Accumulator parts = new Accumulator(node.dtype(), node.shape());
            for (int i = 0; i < inputs.size(); i++) {
                parts.add(Window.ofPart(this, starts.get(i), inputs.get(i).shape()), inputs.get(i));
            }
            return parts.array();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return Window.ofPart(this, starts.get(input), y.input(input).shape())
                    .slice()
                    .on(yBar);
        }

        static Tensor of(int axis, List<Tensor> parts) {
            requireAlike(axis, parts);
            int from = 0;
            IntArrayList starts = new IntArrayList();
            for (Tensor part : parts) {
                starts.add(from);
                from += part.shape().length(axis);
            }
            return new Concat(axis, IntTuple.of(starts.toIntArray())).on(parts.toArray(new Tensor[0]));
        }
    }
}
