package dev.clew.nn.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The reader that a model is written for. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /** The outputs of a model, computed by onnxruntime. */
    static Map<String, NDArray> run(byte[] model, Map<String, NDArray> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options)) {
                for (String name : session.getInputNames()) {
                    given.put(name, tensor(environment, requireNonNull(inputs.get(name))));
                }
                try (OrtSession.Result result = session.run(given)) {
                    for (Map.Entry<String, OnnxValue> each : result) {
                        outputs.put(each.getKey(), array((OnnxTensor) each.getValue()));
                    }
                }
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
        return outputs;
    }

    private static OnnxTensor tensor(OrtEnvironment environment, NDArray array) throws OrtException {
        long[] shape = Arrays.stream(array.shape().lengths()).asLongStream().toArray();
        ByteBuffer bytes = array.toByteBuffer();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining())
                .order(ByteOrder.nativeOrder())
                .put(bytes)
                .flip();
        return switch (array.dtype()) {
            case F64 -> OnnxTensor.createTensor(environment, direct.asDoubleBuffer(), shape);
            case F32 -> OnnxTensor.createTensor(environment, direct.asFloatBuffer(), shape);
            case I32 -> OnnxTensor.createTensor(environment, direct.asIntBuffer(), shape);
            case BOOL -> OnnxTensor.createTensor(environment, direct, shape, OnnxJavaType.BOOL);
        };
    }

    private static NDArray array(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        Shape shape = Shape.of(
                Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray());
        ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        return NDArray.of(
                switch (info.type) {
                    case DOUBLE -> DType.F64;
                    case FLOAT -> DType.F32;
                    case INT32 -> DType.I32;
                    case BOOL -> DType.BOOL;
                    default -> throw new AssertionError(info.type);
                },
                shape,
                bytes);
    }
}
