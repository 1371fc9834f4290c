package dev.clew.nn.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The same formulas in Clew, in onnxruntime, and in Clew after they were read back. */
final class Comparison {
    private Comparison() {}

    /** Numbers of f64 agree to this, and of f32 to the other, relative to the largest number of their array, or to 1 if that is smaller. */
    private static final double WIDE = 1e-12;

    private static final double SINGLE = 1e-6;

    /** What Clew computes of models with the same inputs and outputs, one after the other. */
    private static List<Map<String, NDArray>> values(List<OnnxModel> models, Map<String, NDArray> inputs) {
        Map<Tensor, NDArray> given = new HashMap<>();
        List<Tensor> formulas = new ArrayList<>();
        for (OnnxModel model : models) {
            model.inputs().forEach((name, input) -> given.put(input, inputs.get(name)));
            formulas.addAll(model.outputs().values());
        }
        Iterator<NDArray> numbers = Plan.compile(formulas).run(given).iterator();
        List<Map<String, NDArray>> values = new ArrayList<>();
        for (OnnxModel model : models) {
            Map<String, NDArray> own = new HashMap<>();
            model.outputs().keySet().forEach(name -> own.put(name, numbers.next()));
            values.add(own);
        }
        return values;
    }

    /** That onnxruntime computes what Clew does, and Clew the same after reading it back and writing it again. */
    static void assertSame(OnnxModel model, Map<String, NDArray> inputs) throws Exception {
        assertSame(model, inputs, false);
    }

    /** The same, where every number must agree relative to itself: those of an elementwise operation know nothing of one another. */
    static void assertEachSame(OnnxModel model, Map<String, NDArray> inputs) throws Exception {
        assertSame(model, inputs, true);
    }

    private static void assertSame(OnnxModel model, Map<String, NDArray> inputs, boolean isEach) throws Exception {
        byte[] bytes = model.toBytes();
        OnnxModel read = OnnxModel.read(Path.of("model.onnx"), ByteBuffer.wrap(bytes));
        List<Map<String, NDArray>> values = values(List.of(model, read), inputs);
        assertSame("onnxruntime", OnnxRuntime.run(bytes, inputs), values.getFirst(), isEach);
        assertSame("read back", values.getLast(), values.getFirst(), isEach);
        assertSame("written again", OnnxRuntime.run(read.toBytes(), inputs), values.getFirst(), isEach);
    }

    private static void assertSame(
            String who, Map<String, NDArray> found, Map<String, NDArray> expected, boolean isEach) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach(
                (name, array) -> assertSame(who + ": " + name, array, requireNonNull(expected.get(name)), isEach));
    }

    static void assertSame(String what, NDArray found, NDArray expected) {
        assertSame(what, found, expected, false);
    }

    private static void assertSame(String what, NDArray found, NDArray expected, boolean isEach) {
        assertThat(found.shape()).as(what).isEqualTo(expected.shape());
        assertThat(found.dtype()).as(what).isEqualTo(expected.dtype());
        double tolerance = expected.dtype() == DType.F32 ? SINGLE : WIDE;
        double[] a = found.toDoubles();
        double[] b = expected.toDoubles();
        double largest = Math.max(
                1,
                Arrays.stream(b).map(Math::abs).filter(Double::isFinite).max().orElse(1));
        for (int i = 0; i < a.length; i++) {
            boolean areSame = a[i] == b[i] || (Double.isNaN(a[i]) && Double.isNaN(b[i]));
            double distance = areSame ? 0 : Math.abs(a[i] - b[i]) / (isEach ? Math.max(1, Math.abs(b[i])) : largest);
            assertThat(distance <= tolerance)
                    .as("%s, element %s: %s, expected %s", what, i, a[i], b[i])
                    .isTrue();
        }
    }
}
