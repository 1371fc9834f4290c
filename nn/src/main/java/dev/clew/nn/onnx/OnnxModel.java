package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.internal.protobuf.MessageWriter;
import dev.clew.io.AtomicFile;
import dev.clew.nn.Parameters;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draft. */
public final class OnnxModel {
    private final ImmutableMap<String, Tensor> outputs;
    private final ImmutableMap<Parameter, String> names;
    private final ImmutableList<ImmutableList<Run<?>>> runs;

    private OnnxModel(
            Map<String, Tensor> outputs, Map<Parameter, String> names, List<ImmutableList<Run<?>>> runs) {
        this.outputs = ImmutableMap.copyOf(outputs);
        this.names = ImmutableMap.copyOf(names);
        this.runs = ImmutableList.copyOf(runs);
    }

    /** Formulas, by the names that the outputs of the model get. */
    public static OnnxModel of(Map<String, Tensor> outputs) {
        Present.require("export to ONNX", outputs);
        return new OnnxModel(outputs, Map.of(), List.of());
    }

    /** Its bytes. */
    public byte[] toBytes() {
        return message().toBytes();
    }

    private MessageWriter message() {
        return ModelWriter.model(Exporter.export(outputs, names, runs));
    }

    /** Writes it. */
    public void write(Path file) throws IOException {
        Present.require("write", file);
        MessageWriter message = message();
        AtomicFile.write(file, message::writeTo);
    }

    /** Names. */
    public OnnxModel withParameters(Object model) {
        Map<Parameter, String> all = new LinkedHashMap<>(names);
        Parameters.named(model).forEach((name, parameter) -> all.put(parameter, name));
        return new OnnxModel(outputs, all, runs);
    }

    /** A loop as one operator. */
    public OnnxModel withRun(Run<?> run) {
        return new OnnxModel(outputs, names, ImmutableList.<ImmutableList<Run<?>>>builder().addAll(runs).add(ImmutableList.of(run)).build());
    }

    /** Both. */
    public OnnxModel withRun(Run.BothWays<?, ?> run) {
        return new OnnxModel(outputs, names, ImmutableList.<ImmutableList<Run<?>>>builder().addAll(runs).add(ImmutableList.of(run.forward(), run.backward())).build());
    }
}
