package dev.clew.nn.onnx;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.internal.protobuf.MessageWriter;
import dev.clew.io.AtomicFile;
import dev.clew.io.UnreadableFileException;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Layers;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Formulas as a model of ONNX (opset 22, IR version 10), which runs without Clew: in onnxruntime on servers, in browsers and on phones.
 *
 * {@snippet lang=java :
 * Tensor x = Tensor.input("x", DType.F32, 1, 20, 8);
 * Run<Lstm.State> run = Run.of(model.lstm(), x);
 * OnnxModel.of(Map.of("logits", model.head().of(run.outputs())))
 *         .withParameters(model)
 *         .withRun(run)
 *         .write(Path.of("model.onnx"));
 * }
 *
 * <p>Inputs of the model are the {@linkplain Tensor#input inputs} of the formulas, by their names; shapes are fixed. Parameters are
 * initializers with the numbers that they have when the model is written. A loop over time is written step by step, whatever its cell;
 * with {@link #withRun} the loop of a built-in cell is one operator, {@code RNN}, {@code GRU} or {@code LSTM}. onnxruntime (1.28) has
 * those in f32 alone, and in f64 none of {@code Cos Tan Asin Acos Atan Erf Gelu}.
 *
 * <p>Results are those of Clew up to the last digits, since every program adds and rounds in an order of its own. Where numbers are NaN,
 * ONNX does not say which one is the largest: {@code max}, {@code min}, {@code argMax}, {@code sort} and what is made of them may differ
 * there. Nor does it say what a cast to i32 makes of NaN and of numbers that i32 does not have, nor which sign a remainder of 0 has.
 *
 * <p>ONNX has no operators for {@code erfc}, {@code normalCdf}, {@code logGamma}, {@code digamma}, {@code trigamma}, {@code atan2} and
 * {@code hypot}, nor for {@link dev.clew.tensor.Custom} operations: formulas with them are refused when the model is written, and so are
 * those with masks of dropout, which every run of the model would repeat.
 */
public final class OnnxModel {
    /** The largest number of a field that is one byte. */
    private static final int MOST_FIELDS = 15;

    private final ImmutableMap<String, Tensor> outputs;
    private final ImmutableMap<String, Parameter> parameters;
    private final ImmutableList<ImmutableList<Run<?>>> runs;

    private OnnxModel(
            Map<String, Tensor> outputs, Map<String, Parameter> parameters, List<ImmutableList<Run<?>>> runs) {
        this.outputs = ImmutableMap.copyOf(outputs);
        this.parameters = ImmutableMap.copyOf(parameters);
        this.runs = ImmutableList.copyOf(runs);
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /**
     * Of formulas, by the names that the outputs of the model get, in the order of the map.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static OnnxModel of(Map<String, Tensor> outputs) {
        Present.require("OnnxModel", outputs);
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("OnnxModel of no outputs: name at least one formula");
        }
        return new OnnxModel(outputs, Map.of(), List.of());
    }

    /**
     * The same, in which parameters have the names that they have in a model, as {@link Parameters#named(Object)} finds them.
     *
     * @throws IllegalArgumentException as it does; or if a name is given to two
     */
    public OnnxModel withParameters(Object model) {
        Present.require("withParameters", model);
        Map<String, Parameter> all = new LinkedHashMap<>(parameters);
        Parameters.named(model).forEach((name, parameter) -> {
            Parameter other = all.put(name, parameter);
            if (other != null && !other.equals(parameter)) {
                throw new IllegalArgumentException("withParameters: two parameters are named '" + name
                        + "'; put both models into a map, which makes names of its keys");
            }
        });
        return new OnnxModel(outputs, all, runs);
    }

    /**
     * The same, in which a loop is one operator. It must be of an {@link dev.clew.nn.layer.RnnCell}, a {@link dev.clew.nn.layer.Gru}, or
     * an {@link dev.clew.nn.layer.Lstm} without a projection. Its outputs, its last state and, without lengths, the output of every step
     * come from the operator; whatever else is asked of it is written step by step. Lengths below 0 or beyond the steps, which Clew brings
     * into that range, onnxruntime (1.28) refuses.
     *
     * @throws IllegalArgumentException if the cell is another
     */
    public OnnxModel withRun(Run<?> run) {
        Present.require("withRun", run);
        return with(ImmutableList.of(run));
    }

    /**
     * The same for loops from both ends: one operator, or two where their cells differ in more than their numbers.
     *
     * @throws IllegalArgumentException if either cell is another
     */
    public OnnxModel withRun(Run.BothWays<?, ?> both) {
        Present.require("withRun", both);
        return with(ImmutableList.of(both.forward(), both.backward()));
    }

    /**
     * The same for what one layer does.
     *
     * @throws IllegalArgumentException if a cell is another
     */
    public OnnxModel withRun(Layers.Ways<?> layer) {
        Present.require("withRun", layer);
        ImmutableList.Builder<Run<?>> together = ImmutableList.builder();
        together.add(layer.forward());
        layer.backward().ifPresent(together::add);
        return with(together.build());
    }

    /**
     * The same for layers of cells: one operator for each layer.
     *
     * @throws IllegalArgumentException if a cell is another
     */
    public OnnxModel withRun(Layers.Passage<?> passage) {
        Present.require("withRun", passage);
        OnnxModel model = this;
        for (Layers.Ways<?> layer : passage.layers()) {
            model = model.withRun(layer);
        }
        return model;
    }

    private OnnxModel with(ImmutableList<Run<?>> together) {
        together.forEach(RecurrentExport::operator);
        return new OnnxModel(
                outputs,
                parameters,
                ImmutableList.<ImmutableList<Run<?>>>builder()
                        .addAll(runs)
                        .add(together)
                        .build());
    }

    /**
     * Writes the model, or replaces it, whole or not at all, as {@link AtomicFile} does.
     *
     * @throws IllegalArgumentException if ONNX has no operator for a part of a formula, two inputs, outputs or parameters have one name,
     *     a name is empty or no text, or the model has 2 GiB or more, which is the most that the format allows
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public void write(Path file) throws IOException {
        Present.require("write", file);
        MessageWriter message = message();
        AtomicFile.write(file, message::writeTo);
    }

    /**
     * The bytes of the file, as runtimes take them too.
     *
     * @throws IllegalArgumentException as {@link #write} does
     */
    public byte[] toBytes() {
        return message().toBytes();
    }

    /**
     * The operators that a runtime needs to have, and how many of each are written, those within loops counted once.
     *
     * @throws IllegalArgumentException as {@link #write} does
     */
    public Map<String, Integer> operators() {
        Map<String, Integer> all = new TreeMap<>();
        count(body(), all);
        return ImmutableMap.copyOf(all);
    }

    private static void count(Literal.Body body, Map<String, Integer> all) {
        for (Literal.Node node : body.nodes()) {
            all.merge(node.operator(), 1, Integer::sum);
            for (Literal attribute : node.attributes().values()) {
                if (attribute instanceof Literal.Body within) {
                    count(within, all);
                }
            }
        }
    }

    private Literal.Body body() {
        ImmutableMap.Builder<Parameter, String> names = ImmutableMap.builder();
        parameters.forEach((name, parameter) -> names.put(parameter, name));
        return Exporter.export(outputs, names.buildKeepingLast(), runs);
    }

    private MessageWriter message() {
        MessageWriter message = ModelWriter.model(body());
        if (message.size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("write " + this + ": it has " + message.size()
                    + " bytes; a model of ONNX has fewer than 2147483648. Weights alone can be written as safetensors");
        }
        return message;
    }

    // -------------------------------------------------------------------------------------------------------- reading

    /**
     * Reads back what was written: formulas of the same values, whose parameters, by the names that they had, can be trained, and which
     * can be written again. Operators and attributes that Clew does not write are not read. To compute it:
     *
     * {@snippet lang=java :
     * OnnxModel model = OnnxModel.read(file);
     * Plan plan = Plan.compile(List.copyOf(model.outputs().values()));
     * List<NDArray> values = plan.run(Map.of(model.inputs().get("x"), array));
     * }
     *
     * @throws UnreadableFileException if it is no such model, with the reason
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static OnnxModel read(Path file) throws IOException {
        Present.require("read", file);
        if (Files.isDirectory(file)) {
            throw new IOException("read " + file + ": it is a folder; a model of ONNX is one file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new UnreadableFileException(
                        file, "it has " + channel.size() + " bytes", "a model of ONNX has fewer than 2147483648");
            }
            requireBeginning(file, channel);
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return read(file, bytes.flip());
        }
    }

    /** A file of another kind is not read to its end: a model begins with one of its fields. */
    private static void requireBeginning(Path file, FileChannel channel) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(1);
        int field = channel.read(first, 0) < 1 ? 0 : Byte.toUnsignedInt(first.get(0)) >>> 3;
        if (field < 1 || field > MOST_FIELDS) {
            throw new UnreadableFileException(
                    file,
                    "it is no ONNX model",
                    "a model is a message of protocol buffers, and its first byte names a field");
        }
    }

    static OnnxModel read(Path file, ByteBuffer bytes) throws UnreadableFileException {
        try {
            Importer.Imported all = Importer.tensors(ModelReader.model(bytes));
            return new OnnxModel(all.outputs(), all.parameters(), all.runs());
        } catch (MalformedMessageException error) {
            UnreadableFileException wrong = new UnreadableFileException(
                    file, "it is no ONNX model, or none that Clew wrote", String.valueOf(error.getMessage()));
            wrong.initCause(error);
            throw wrong;
        }
    }

    /** The formulas, by name. */
    public Map<String, Tensor> outputs() {
        return outputs;
    }

    /** What the formulas need to be computed, by name. */
    public Map<String, Tensor> inputs() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (Tensor node : Graph.of(outputs.values().asList()).nodes()) {
            if (node.op() instanceof Source.Input input) {
                all.putIfAbsent(input.name(), node);
            }
        }
        return ImmutableMap.copyOf(all);
    }

    /** The parameters that have names: of a model that was read, all that training changes. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    /** Its inputs and outputs, a line each. */
    @Override
    public String toString() {
        return "OnnxModel"
                + inputs().entrySet().stream()
                        .map(each -> "\n  input " + each.getKey() + " "
                                + each.getValue().shape() + " "
                                + each.getValue().dtype())
                        .collect(joining())
                + outputs.entrySet().stream()
                        .map(each -> "\n  output " + each.getKey() + " "
                                + each.getValue().shape() + " "
                                + each.getValue().dtype())
                        .collect(joining());
    }
}
