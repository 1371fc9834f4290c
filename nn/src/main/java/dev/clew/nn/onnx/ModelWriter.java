package dev.clew.nn.onnx;

import dev.clew.internal.protobuf.MessageWriter;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.nn.onnx.Literal.Port;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes a model as the messages of onnx.proto (ONNX 1.17). */
final class ModelWriter {
    /** The version of the messages, and that of the operators. */
    static final int IR_VERSION = 10;

    static final int OPSET = 22;

    private ModelWriter() {}

    static MessageWriter model(Body graph) {
        return new MessageWriter()
                .number(1, IR_VERSION)
                .text(2, "clew")
                .message(7, graph(graph))
                .message(8, new MessageWriter().text(1, "").number(2, OPSET));
    }

    private static MessageWriter graph(Body graph) {
        MessageWriter message = new MessageWriter();
        graph.nodes().forEach(node -> message.message(1, node(node)));
        message.text(2, graph.name());
        graph.initializers()
                .forEach((name, numbers) -> message.message(5, numbers(numbers).text(8, name)));
        graph.inputs().forEach(port -> message.message(11, port(port)));
        graph.outputs().forEach(port -> message.message(12, port(port)));
        return message;
    }

    private static MessageWriter node(Node node) {
        MessageWriter message = new MessageWriter();
        node.inputs().forEach(name -> message.text(1, name));
        node.outputs().forEach(name -> message.text(2, name));
        message.text(3, node.outputs().getFirst());
        message.text(4, node.operator());
        node.attributes().forEach((name, value) -> message.message(5, attribute(name, value)));
        node.notes()
                .forEach((key, text) ->
                        message.message(9, new MessageWriter().text(1, key).text(2, text)));
        return message;
    }

    private static MessageWriter attribute(String name, Literal value) {
        MessageWriter message = new MessageWriter().text(1, name);
        switch (value) {
            case Literal.Real real -> message.real(2, real.number()).number(20, 1);
            case Literal.Whole whole -> message.number(3, whole.number()).number(20, 2);
            case Literal.Word word -> message.bytes(4, utf8(word.text())).number(20, 3);
            case Numbers numbers -> message.message(5, numbers(numbers)).number(20, 4);
            case Body body -> message.message(6, graph(body)).number(20, 5);
            case Literal.Wholes wholes ->
                message.numbers(8, wholes.numbers().toArray()).number(20, 7);
            case Literal.Words words -> {
                words.texts().forEach(text -> message.bytes(9, utf8(text)));
                message.number(20, 8);
            }
        }
        return message;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageWriter numbers(Numbers numbers) {
        MessageWriter message = new MessageWriter();
        if (!numbers.lengths().isEmpty()) {
            message.numbers(1, numbers.lengths().toArray());
        }
        return message.number(2, numbers.kind().number())
                .bytes(9, numbers.bytes().duplicate());
    }

    private static MessageWriter port(Port port) {
        MessageWriter lengths = new MessageWriter();
        port.lengths().forEach(length -> lengths.message(1, new MessageWriter().number(1, length)));
        MessageWriter tensor =
                new MessageWriter().number(1, port.kind().number()).message(2, lengths);
        return new MessageWriter().text(1, port.name()).message(2, new MessageWriter().message(1, tensor));
    }
}
