package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.internal.protobuf.MessageReader;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.nn.onnx.Literal.Port;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a model from the messages of onnx.proto, as far as {@link ModelWriter} writes them; what else a file may hold is refused. Numbers
 * stay where they lie among the bytes.
 */
final class ModelReader {
    private static final int DEEPEST = 4;

    private ModelReader() {}

    static Body model(ByteBuffer bytes) throws MalformedMessageException {
        MessageReader message = new MessageReader(bytes);
        List<MessageReader> graphs = new ArrayList<>();
        boolean isVersioned = false;
        while (message.next()) {
            switch (message.field()) {
                case 7 -> graphs.add(message.message());
                case 8 -> {
                    operators(message.message());
                    isVersioned = true;
                }
                default -> {} // Who made it, and for whom.
            }
        }
        if (graphs.size() != 1 || !isVersioned) {
            throw new MalformedMessageException("it has " + graphs.size() + " graphs and " + (isVersioned ? "a" : "no")
                    + " version of the operators; an ONNX model has one of each");
        }
        return graph(graphs.getFirst(), 1);
    }

    private static void operators(MessageReader message) throws MalformedMessageException {
        String domain = "";
        long version = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> domain = message.text();
                case 2 -> version = message.number();
                default -> {}
            }
        }
        if (!domain.isEmpty() || version != ModelWriter.OPSET) {
            throw new MalformedMessageException("its operators are version " + version + " of '" + domain
                    + "'; models of Clew have version " + ModelWriter.OPSET + " of ONNX's own, and no others are read");
        }
    }

    private static Body graph(MessageReader message, int depth) throws MalformedMessageException {
        if (depth > DEEPEST) {
            throw new MalformedMessageException("a graph lies within " + DEEPEST + " others; models of Clew have two");
        }
        String name = "";
        List<Node> nodes = new ArrayList<>();
        Map<String, Numbers> initializers = new LinkedHashMap<>();
        List<Port> inputs = new ArrayList<>();
        List<Port> outputs = new ArrayList<>();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> nodes.add(node(message.message(), depth));
                case 2 -> name = message.text();
                case 5 -> initializer(message.message(), initializers);
                case 11 -> inputs.add(port(message.message()));
                case 12 -> outputs.add(port(message.message()));
                case 10, 13 -> {} // What is said of it, and the shapes of values within.
                default ->
                    throw new MalformedMessageException(
                            "a graph has the field " + message.field() + "; models of Clew have none");
            }
        }
        return new Body(
                name,
                ImmutableList.copyOf(nodes),
                ImmutableMap.copyOf(initializers),
                ImmutableList.copyOf(inputs),
                ImmutableList.copyOf(outputs));
    }

    private static void initializer(MessageReader message, Map<String, Numbers> all) throws MalformedMessageException {
        Named named = numbers(message);
        if (named.name.isEmpty() || all.put(named.name, named.numbers) != null) {
            throw new MalformedMessageException(
                    "two initializers are named '" + named.name + "', or one is not; names must differ");
        }
    }

    private static Node node(MessageReader message, int depth) throws MalformedMessageException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Literal> attributes = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        String operator = "";
        String domain = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> inputs.add(message.text());
                case 2 -> outputs.add(message.text());
                case 4 -> operator = message.text();
                case 5 -> attribute(message.message(), attributes, depth);
                case 7 -> domain = message.text();
                case 9 -> note(message.message(), notes);
                default -> {} // Its own name, and what is said of it.
            }
        }
        if (operator.isEmpty() || outputs.isEmpty() || !domain.isEmpty()) {
            throw new MalformedMessageException("a node has the operator '" + operator + "' of the domain '" + domain
                    + "' and " + outputs.size() + " outputs; it has an operator of ONNX's own, and an output");
        }
        return Node.of(operator, inputs, outputs, attributes).withNotes(notes);
    }

    private static void note(MessageReader message, Map<String, String> notes) throws MalformedMessageException {
        String key = "";
        String text = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> key = message.text();
                case 2 -> text = message.text();
                default -> {}
            }
        }
        notes.put(key, text);
    }

    private static void attribute(MessageReader message, Map<String, Literal> all, int depth)
            throws MalformedMessageException {
        String name = "";
        List<Literal> values = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<Long> wholes = new ArrayList<>();
        int type = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> name = message.text();
                case 8 -> message.numbers(wholes::add);
                case 9 -> words.add(message.text());
                case 20 -> type = message.integer();
                case 13 -> {} // What is said of it.
                default -> values.add(value(message, name, depth));
            }
        }
        if (type == 7) {
            values.add(new Literal.Wholes(ImmutableLongArray.copyOf(wholes)));
        } else if (type == 8) {
            values.add(new Literal.Words(ImmutableList.copyOf(words)));
        }
        if (values.size() != 1 || all.put(name, values.getFirst()) != null) {
            throw new MalformedMessageException(
                    "attribute '" + name + "' has " + values.size() + " values, or is there twice; it has one");
        }
    }

    /** The one value that a field is. */
    private static Literal value(MessageReader message, String name, int depth) throws MalformedMessageException {
        return switch (message.field()) {
            case 2 -> new Literal.Real(message.real());
            case 3 -> new Literal.Whole(message.number());
            case 4 -> new Literal.Word(message.text());
            case 5 -> numbers(message.message()).numbers;
            case 6 -> graph(message.message(), depth + 1);
            default ->
                throw new MalformedMessageException(
                        "attribute '" + name + "' has the field " + message.field() + "; models of Clew have none");
        };
    }

    private record Named(String name, Numbers numbers) {}

    private static Named numbers(MessageReader message) throws MalformedMessageException {
        String name = "";
        List<Long> lengths = new ArrayList<>();
        long type = 0;
        ByteBuffer bytes = ByteBuffer.allocate(0);
        while (message.next()) {
            switch (message.field()) {
                case 1 -> message.numbers(lengths::add);
                case 2 -> type = message.number();
                case 8 -> name = message.text();
                case 9 -> bytes = message.bytes();
                case 12 -> {} // What is said of it.
                default ->
                    throw new MalformedMessageException("the numbers '" + name + "' have the field " + message.field()
                            + "; models of Clew have them as raw data");
            }
        }
        ElementKind kind = kind(type, "the numbers '" + name + "'");
        long size = kind.bytes();
        for (long length : lengths) {
            size = length < 0 || length > Integer.MAX_VALUE || size < 0 || size > Integer.MAX_VALUE
                    ? -1
                    : size * length;
        }
        if (size != bytes.remaining()) {
            throw new MalformedMessageException("the numbers '" + name + "' are " + kind + " " + lengths + " in "
                    + bytes.remaining() + " bytes; their type and shape must say how many");
        }
        return new Named(name, new Numbers(kind, ImmutableLongArray.copyOf(lengths), bytes));
    }

    private static ElementKind kind(long type, String of) throws MalformedMessageException {
        return ElementKind.numbered(type)
                .orElseThrow(() -> new MalformedMessageException(of + " have the element type " + type
                        + "; those of Clew are 1 (float), 6 and 7 (int32, int64), 9 (bool) and 11 (double)"));
    }

    private static Port port(MessageReader message) throws MalformedMessageException {
        String name = "";
        MessageReader type = new MessageReader(ByteBuffer.allocate(0));
        while (message.next()) {
            switch (message.field()) {
                case 1 -> name = message.text();
                case 2 -> type = message.message();
                default -> {}
            }
        }
        while (type.next()) {
            if (type.field() == 1) {
                return port(name, type.message());
            }
        }
        throw new MalformedMessageException("'" + name + "' is no tensor; inputs and outputs are tensors");
    }

    private static Port port(String name, MessageReader tensor) throws MalformedMessageException {
        long type = 0;
        List<Long> lengths = new ArrayList<>();
        while (tensor.next()) {
            switch (tensor.field()) {
                case 1 -> type = tensor.number();
                case 2 -> {
                    MessageReader shape = tensor.message();
                    while (shape.next()) {
                        lengths.add(length(name, shape.message()));
                    }
                }
                default -> {}
            }
        }
        return new Port(name, kind(type, "the elements of '" + name + "'"), ImmutableLongArray.copyOf(lengths));
    }

    private static long length(String name, MessageReader dimension) throws MalformedMessageException {
        long length = -1;
        while (dimension.next()) {
            length = dimension.field() == 1 ? dimension.number() : -1;
        }
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new MalformedMessageException("an axis of '" + name
                    + "' has no length, or not one from 0 to 2147483647; shapes of Clew are fixed");
        }
        return length;
    }
}
