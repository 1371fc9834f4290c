package dev.clew.examples.onnx;

import dev.clew.array.NDArray;
import dev.clew.nn.onnx.OnnxModel;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One model, in Clew and in onnxruntime.
 *
 * @param name for people
 * @param model in Clew
 * @param file the same as ONNX
 */
record Twin(String name, OnnxModel model, Path file) {
    static final String HEAD =
            String.format(Locale.ROOT, "%-38s%9s%11s%21s", "", "bytes", "operators", "largest difference");

    /** Of a model that this writes. */
    static Twin written(String name, OnnxModel model, Path file) throws IOException {
        model.write(file);
        return new Twin(name, model, file);
    }

    /** The largest |a − b| of all numbers that come out, in units of the largest |b| of the same output, or of 1 if that is larger. */
    double difference(Map<String, NDArray> inputs) {
        Map<String, NDArray> there;
        try (RuntimeSession session = RuntimeSession.open(file)) {
            there = session.run(inputs);
        }
        double largest = 0;
        for (Map.Entry<String, NDArray> here : here(inputs).entrySet()) {
            Tensor b = Tensor.of(here.getValue());
            Tensor a = Tensor.of(Objects.requireNonNull(there.get(here.getKey()), here.getKey()));
            double unit = Math.max(1, b.abs().max().item());
            largest = Math.max(largest, a.minus(b).abs().max().item() / unit); // NaN if one is.
        }
        return largest;
    }

    private Map<String, NDArray> here(Map<String, NDArray> inputs) {
        Map<Tensor, NDArray> given = new HashMap<>();
        model.inputs().forEach((input, tensor) -> given.put(tensor, Objects.requireNonNull(inputs.get(input), input)));
        List<Tensor> formulas = List.copyOf(model.outputs().values());
        Iterator<NDArray> numbers = Plan.compile(formulas).run(given).iterator();
        Map<String, NDArray> outputs = new HashMap<>();
        model.outputs().keySet().forEach(output -> outputs.put(output, numbers.next()));
        return outputs;
    }

    /** A line of the table. */
    String line(double difference) throws IOException {
        int operators =
                model.operators().values().stream().mapToInt(Integer::intValue).sum();
        return String.format(Locale.ROOT, "%-38s%9d%11d%21.1e", name, Files.size(file), operators, difference);
    }
}
