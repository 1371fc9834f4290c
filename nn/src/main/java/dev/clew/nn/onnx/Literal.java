package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a model is made of, as ONNX has it: nodes that name their inputs and outputs, and numbers. */
sealed interface Literal {
    /** Numbers. */
    record Numbers(ElementKind kind, ImmutableLongArray lengths, ByteBuffer bytes) implements Literal {
        static Numbers of(NDArray array) {
            long[] lengths =
                    Arrays.stream(array.shape().lengths()).asLongStream().toArray();
            return new Numbers(ElementKind.of(array.dtype()), ImmutableLongArray.copyOf(lengths), array.toByteBuffer());
        }

        /** Whole numbers of 64 bits, as shapes and axes are given. */
        static Numbers of(long... numbers) {
            ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(numbers);
            return new Numbers(ElementKind.INT64, ImmutableLongArray.of(numbers.length), bytes);
        }

        Shape shape() {
            return Shape.of(lengths.stream().mapToInt(Math::toIntExact).toArray());
        }

        /** An array of them, if they are not of 64 bits. */
        NDArray array() {
            return NDArray.of(kind.dtype(), shape(), bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }

        long[] wholes() {
            if (kind == ElementKind.INT64) {
                long[] numbers = new long[bytes.remaining() / Long.BYTES];
                bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(numbers);
                return numbers;
            }
            return Arrays.stream(array().cast(DType.I32).toInts())
                    .asLongStream()
                    .toArray();
        }
    }

    /** An attribute of one whole number. */
    record Whole(long number) implements Literal {}

    /** An attribute of whole numbers. */
    record Wholes(ImmutableLongArray numbers) implements Literal {}

    /** An attribute of one number. */
    record Real(float number) implements Literal {}

    /** An attribute of one text. */
    record Word(String text) implements Literal {}

    /** An attribute of texts. */
    record Words(ImmutableList<String> texts) implements Literal {}

    /** A graph: the model's, or an attribute that a node runs for every step. */
    record Body(
            String name,
            ImmutableList<Node> nodes,
            ImmutableMap<String, Numbers> initializers,
            ImmutableList<Port> inputs,
            ImmutableList<Port> outputs)
            implements Literal {}

    /**
     * An operator at work.
     *
     * @param inputs names of values; an empty one stands for none
     * @param outputs names that no other has
     * @param notes for who reads it back
     */
    record Node(
            String operator,
            ImmutableList<String> inputs,
            ImmutableList<String> outputs,
            ImmutableMap<String, Literal> attributes,
            ImmutableMap<String, String> notes) {
        static Node of(String operator, List<String> inputs, List<String> outputs, Map<String, Literal> attributes) {
            return new Node(
                    operator,
                    ImmutableList.copyOf(inputs),
                    ImmutableList.copyOf(outputs),
                    ImmutableMap.copyOf(attributes),
                    ImmutableMap.of());
        }

        Node withNotes(Map<String, String> more) {
            return new Node(operator, inputs, outputs, attributes, ImmutableMap.copyOf(more));
        }
    }

    /** Where a value enters or leaves a graph. */
    record Port(String name, ElementKind kind, ImmutableLongArray lengths) {
        static Port of(String name, DType dtype, Shape shape) {
            long[] lengths = Arrays.stream(shape.lengths()).asLongStream().toArray();
            return new Port(name, ElementKind.of(dtype), ImmutableLongArray.copyOf(lengths));
        }
    }
}
