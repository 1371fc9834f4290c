package dev.clew.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MessageWriter;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.nn.onnx.Literal.Port;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, a model is read or refused with the reason: nothing else happens. */
class DamagedModelsTest {
    private static final Path FILE = Path.of("model.onnx");
    private static final Port X = Port.of("x", DType.F64, Shape.of(2, 3));
    private static final Port Y = Port.of("y", DType.F64, Shape.of(2, 3));

    private static byte[] graph(List<Node> nodes, Map<String, Numbers> initializers, Port input, Port output) {
        Body body = new Body(
                "g",
                ImmutableList.copyOf(nodes),
                ImmutableMap.copyOf(initializers),
                ImmutableList.of(input),
                ImmutableList.of(output));
        return ModelWriter.model(body).toBytes();
    }

    private static byte[] nodes(Node... nodes) {
        return graph(List.of(nodes), Map.of(), X, Y);
    }

    private static Node node(String operator, List<String> inputs, Map<String, Literal> attributes) {
        return Node.of(operator, inputs, List.of("y"), attributes);
    }

    private static Node constant(String name, long... numbers) {
        return Node.of("Constant", List.of(), List.of(name), Map.of("value", Numbers.of(numbers)));
    }

    private static byte[] message(MessageWriter graph) {
        return new MessageWriter()
                .message(7, graph)
                .message(8, new MessageWriter().number(2, 22))
                .toBytes();
    }

    private static byte[] initializer(MessageWriter tensor) {
        return message(new MessageWriter().message(5, tensor.text(8, "w")));
    }

    /** X (1, 2, 3) and a loop over it. */
    private static byte[] loop(String operator, List<String> inputs, Map<String, Literal> attributes) {
        Map<String, Numbers> weights = Map.of(
                "W", Numbers.of(NDArray.full(0.1, DType.F64, Shape.of(1, 4, 3))),
                "R", Numbers.of(NDArray.full(0.1, DType.F64, Shape.of(1, 4, 4))),
                "B", Numbers.of(NDArray.full(0.1, DType.F64, Shape.of(1, 8))));
        return graph(
                List.of(node(operator, inputs, attributes)),
                weights,
                Port.of("x", DType.F64, Shape.of(1, 2, 3)),
                Port.of("y", DType.F64, Shape.of(1, 1, 2, 4)));
    }

    private static byte[] endless() {
        Numbers number = Numbers.of(NDArray.of(1.0));
        return graph(
                List.of(node("RNN", List.of("x", "W", "R", "B"), Map.of("hidden_size", new Literal.Whole(4)))),
                Map.of("W", number, "R", number, "B", number),
                Port.of("x", DType.F64, Shape.of(2_000_000_000, 1, 1)),
                Y);
    }

    private static MessageWriter nested(int depth) {
        MessageWriter graph = new MessageWriter();
        if (depth > 0) {
            graph.message(
                    1,
                    new MessageWriter()
                            .text(2, "y")
                            .text(4, "Scan")
                            .message(5, new MessageWriter().text(1, "body").message(6, nested(depth - 1))));
        }
        return graph;
    }

    private static Map<String, byte[]> kinds() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        Literal word = new Literal.Word("t");
        all.put("it has 0 graphs and no version", new byte[0]);
        all.put("has the wire type 7", new byte[] {0x0f});
        all.put("5 bytes, but 1 are left", new byte[] {0x3a, 5, 0});
        all.put("no end within 10 bytes", new byte[] {0x08, -1, -1});
        all.put("they begin at 1", new byte[] {0, 0});
        all.put(
                "its operators are version 13 of ''",
                new MessageWriter()
                        .message(8, new MessageWriter().number(2, 13))
                        .toBytes());
        all.put(
                "version 1 of 'ai.onnx.ml'",
                new MessageWriter()
                        .message(8, new MessageWriter().text(1, "ai.onnx.ml").number(2, 1))
                        .toBytes());
        all.put("a graph lies within 4 others", message(nested(1000)));
        all.put("a graph has the field 15", message(new MessageWriter().number(15, 1)));
        all.put("the numbers 'w' are DOUBLE [3] in 8 bytes", initializer(numbers(11, 8, 3)));
        all.put("are DOUBLE [2147483647, 2147483647] in 0 bytes", initializer(numbers(11, 0, 2147483647, 2147483647)));
        all.put("are DOUBLE [-1] in 0 bytes", initializer(numbers(11, 0, -1)));
        all.put("have the element type 10", initializer(numbers(10, 8, 4)));
        all.put("have the field 14", initializer(numbers(1, 4, 1).number(14, 1)));
        all.put(
                "two initializers are named 'w'",
                message(new MessageWriter()
                        .message(5, numbers(1, 4, 1).text(8, "w"))
                        .message(5, numbers(1, 4, 1).text(8, "w"))));
        all.put(
                "an operator of ONNX's own, and an output",
                message(new MessageWriter().message(1, new MessageWriter())));
        all.put("'x' is no tensor", message(new MessageWriter().message(11, new MessageWriter().text(1, "x"))));
        all.put("an axis of 'x' has no length", message(new MessageWriter().message(11, port("x", -5))));
        all.put("the operator 'Conv' with 1 outputs", nodes(node("Conv", List.of("x"), Map.of())));
        all.put("there is no value named 'z'", nodes(node("Tanh", List.of("z"), Map.of())));
        all.put(
                "two values are named 'y'",
                nodes(node("Tanh", List.of("x"), Map.of()), node("Tanh", List.of("x"), Map.of())));
        all.put("a Add has 1 inputs", nodes(node("Add", List.of("x"), Map.of())));
        all.put(
                "the attribute 'perm' of Transpose for 'y' is of another kind",
                nodes(node("Transpose", List.of("x"), Map.of("perm", word))));
        all.put("the attribute 'value' of Constant", nodes(node("Constant", List.of(), Map.of("value", word))));
        all.putAll(otherAttributes());
        all.put("computes with 'k', which is INT64", nodes(constant("k", 1), node("Mul", List.of("x", "k"), Map.of())));
        all.put(
                "'x' is INT64",
                graph(List.of(), Map.of(), new Port("x", ElementKind.INT64, ImmutableLongArray.of(2)), Y));
        all.put("does not fit what it is given", nodes(node("MatMul", List.of("x", "x"), Map.of())));
        all.put("there is no constant named 'x'", nodes(node("Reshape", List.of("x", "x"), Map.of())));
        all.put(
                "has 9223372036854775807; it must fit 32 bits",
                nodes(constant("s", Long.MAX_VALUE), node("Reshape", List.of("x", "s"), Map.of())));
        all.put("Cast to the element type 16", nodes(node("Cast", List.of("x"), Map.of("to", new Literal.Whole(16)))));
        all.put("no step is 0", nodes(constant("a", 0), node("Slice", List.of("x", "a", "a", "a", "a"), Map.of())));
        all.put("has 1 pads", nodes(constant("p", 1), node("Pad", List.of("x", "p"), Map.of())));
        all.put("a ReduceSum has no axes", nodes(constant("n"), node("ReduceSum", List.of("x", "n"), Map.of())));
        all.put("has the reduction 'none'", nodes(node("ScatterND", List.of("x", "x", "x"), Map.of())));
        all.put("a TopK of (2, 3) takes a part", nodes(constant("k", 1), node("TopK", List.of("x", "k"), Map.of())));
        all.put("the attribute 'body' of Scan", nodes(node("Scan", List.of("x", "x", "x"), Map.of())));
        all.put(
                "is said to be DOUBLE [3, 2] but its formula is tanh (2, 3) f64",
                graph(
                        List.of(node("Tanh", List.of("x"), Map.of())),
                        Map.of(),
                        X,
                        Port.of("y", DType.F64, Shape.of(3, 2))));
        all.put("its loops have 2000000000 steps or more", endless());
        all.put("a LSTM has 3 inputs", loop("LSTM", List.of("x", "W", "R"), Map.of()));
        all.put(
                "of 4 units, 3 inputs and 1 directions has DOUBLE [1, 4, 3] as 'W'",
                loop("LSTM", List.of("x", "W", "R", "B"), Map.of("hidden_size", new Literal.Whole(4))));
        all.put(
                "the activation 'Elu'",
                loop(
                        "RNN",
                        List.of("x", "W", "R", "B"),
                        Map.of(
                                "hidden_size",
                                new Literal.Whole(4),
                                "activations",
                                new Literal.Words(ImmutableList.of("Elu")))));
        all.put("of -4 units", loop("RNN", List.of("x", "W", "R", "B"), Map.of("hidden_size", new Literal.Whole(-4))));
        return all;
    }

    /** Attributes that make another operator of one that is read. */
    private static Map<String, byte[]> otherAttributes() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        Literal one = new Literal.Whole(1);
        Literal zero = new Literal.Whole(0);
        List<String> weights = List.of("x", "W", "R", "B");
        Map<String, Literal> rnn = Map.of("hidden_size", new Literal.Whole(4));
        Node axis = constant("a", 0);
        Node narrow = Node.of("Constant", List.of(), List.of("n"), Map.of("value", Numbers.of(NDArray.of(0))));
        all.put("RNN for 'y' has the attribute 'layout'", loop("RNN", weights, with(rnn, "layout", one)));
        all.put("'direction' of RNN", loop("RNN", weights, with(rnn, "direction", new Literal.Word("sideways"))));
        Map<String, Literal> edge = Map.of("mode", new Literal.Word("edge"));
        all.put("'mode', which", nodes(constant("p", 0, 0, 0, 0), node("Pad", List.of("x", "p"), edge)));
        all.put("'exclusive', which", nodes(narrow, node("CumSum", List.of("x", "n"), Map.of("exclusive", one))));
        all.put("'keepdims' of ArgMax", nodes(node("ArgMax", List.of("x"), Map.of())));
        Map<String, Literal> last = Map.of("keepdims", zero, "select_last_index", one);
        all.put("'select_last_index', which", nodes(node("ArgMax", List.of("x"), last)));
        all.put("'keepdims', which", nodes(axis, node("ReduceSum", List.of("x", "a"), Map.of("keepdims", zero))));
        all.put("'detect_positive', which", nodes(node("IsInf", List.of("x"), Map.of("detect_positive", zero))));
        all.put("'fmod' of Mod is 2", nodes(node("Mod", List.of("x", "x"), Map.of("fmod", new Literal.Whole(2)))));
        all.put("'allowzero' of Reshape", nodes(constant("s", 0, 6), node("Reshape", List.of("x", "s"), Map.of())));
        all.put("'to' of Cast", nodes(node("Cast", List.of("x"), Map.of("to", new Literal.Whole(7)))));
        return all;
    }

    private static Map<String, Literal> with(Map<String, Literal> attributes, String name, Literal value) {
        Map<String, Literal> all = new LinkedHashMap<>(attributes);
        all.put(name, value);
        return all;
    }

    private static MessageWriter numbers(int type, int bytes, long... lengths) {
        return new MessageWriter().numbers(1, lengths).number(2, type).bytes(9, ByteBuffer.allocate(bytes));
    }

    private static MessageWriter port(String name, long length) {
        MessageWriter shape = new MessageWriter().message(1, new MessageWriter().number(1, length));
        MessageWriter tensor = new MessageWriter().number(1, 11).message(2, shape);
        return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
    }

    static Stream<Arguments> damaged() {
        return kinds().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void everyKindIsRefusedWithItsReason(String reason, byte[] bytes) {
        assertThatThrownBy(() -> OnnxModel.read(FILE, ByteBuffer.wrap(bytes)))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith("read model.onnx: it is no ONNX model, or none that Clew wrote; ")
                .hasMessageContaining(reason);
    }

    @Test
    void kindsAreMany() {
        assertThat(kinds()).hasSizeGreaterThan(50);
    }

    private static final byte[] MODEL = model();

    private static byte[] model() {
        Tensor x = Tensor.input("x", DType.F32, 2, 3, 2);
        Run<Lstm.State> run = Run.of(Lstm.create(2, 2, DType.F32, RandomKey.of(1)), x, 3, 1);
        Tensor y = run.outputs().slice(1, 2, 0, -1).transpose(1, 0, 2).cumulativeSum(0);
        Tensor z = x.linearRecurrence(1, x.sigmoid()).gather(1, 0).softmax(-1).argMax(0);
        return OnnxModel.of(Map.of("y", y, "z", z)).withRun(run).toBytes();
    }

    @Test
    void theModelThatIsDamagedIsRead() throws UnreadableFileException {
        assertThat(OnnxModel.read(FILE, ByteBuffer.wrap(MODEL)).outputs()).containsOnlyKeys("y", "z");
    }

    /** Whatever operator it is: an attribute that was not looked at may make it another. */
    @Test
    void noOperatorIsReadWithAnAttributeThatItHasNot() throws IOException {
        Body graph = ModelReader.model(ByteBuffer.wrap(MODEL));
        for (int i = 0; i < graph.nodes().size(); i++) {
            List<Node> nodes = new ArrayList<>(graph.nodes());
            Node node = nodes.get(i);
            Map<String, Literal> more = with(node.attributes(), "other", new Literal.Whole(1));
            nodes.set(i, Node.of(node.operator(), node.inputs(), node.outputs(), more));
            Body changed = new Body(
                    graph.name(), ImmutableList.copyOf(nodes), graph.initializers(), graph.inputs(), graph.outputs());
            byte[] bytes = ModelWriter.model(changed).toBytes();
            assertThatThrownBy(() -> OnnxModel.read(FILE, ByteBuffer.wrap(bytes)))
                    .as(node.operator())
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageContaining("has the attribute 'other', which Clew does not write");
        }
    }

    /** Bytes are changed, taken out, doubled or cut off; where the result is still a model, it is read. */
    @Property(tries = 5000)
    void aChangedModelIsReadOrRefused(@ForAll long seed) {
        byte[] bytes = changed(MODEL, new Random(seed));
        try {
            assertThat(OnnxModel.read(FILE, ByteBuffer.wrap(bytes)).outputs()).isNotNull();
        } catch (UnreadableFileException refused) {
            assertThat(refused).hasMessageStartingWith("read model.onnx: ");
        }
    }

    private static byte[] changed(byte[] of, Random random) {
        byte[] bytes = of.clone();
        for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 1; i--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + random.nextInt(1, 9));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = joined(bytes, at, to);
                case 3 -> bytes = joined(bytes, to, at);
                default -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at) : bytes;
            }
        }
        return bytes;
    }

    /** The bytes before one place and those from another on: some are twice there, or not at all. */
    private static byte[] joined(byte[] bytes, int before, int from) {
        byte[] all = Arrays.copyOf(bytes, before + bytes.length - from);
        System.arraycopy(bytes, from, all, before, bytes.length - from);
        return all;
    }
}
