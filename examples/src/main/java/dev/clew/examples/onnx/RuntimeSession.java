package dev.clew.examples.onnx;

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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of ONNX in onnxruntime, on one thread. */
final class RuntimeSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;

    private RuntimeSession(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    /** The model of a file. */
    static RuntimeSession open(Path file) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return new RuntimeSession(environment, environment.createSession(file.toString(), options));
        } catch (OrtException error) {
            throw new IllegalStateException("onnxruntime does not open " + file + ": " + error.getMessage(), error);
        }
    }

    /** What the model computes of numbers, by the names of its inputs and outputs. */
    Map<String, NDArray> run(Map<String, NDArray> inputs) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NDArray> each : inputs.entrySet()) {
                given.put(each.getKey(), tensor(each.getValue()));
            }
            Map<String, NDArray> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(given)) {
                for (Map.Entry<String, OnnxValue> each : result) {
                    outputs.put(each.getKey(), array((OnnxTensor) each.getValue()));
                }
            }
            return outputs;
        } catch (OrtException error) {
            throw new IllegalStateException("onnxruntime does not run it: " + error.getMessage(), error);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    /** It reads memory that is not on the heap. */
    private OnnxTensor tensor(NDArray array) throws OrtException {
        ByteBuffer bytes = array.toByteBuffer();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining())
                .order(ByteOrder.nativeOrder())
                .put(bytes)
                .flip();
        long[] shape = Arrays.stream(array.shape().lengths()).asLongStream().toArray();
        return switch (array.dtype()) {
            case F64 -> OnnxTensor.createTensor(environment, direct.asDoubleBuffer(), shape);
            case F32 -> OnnxTensor.createTensor(environment, direct.asFloatBuffer(), shape);
            case I32 -> OnnxTensor.createTensor(environment, direct.asIntBuffer(), shape);
            case BOOL -> OnnxTensor.createTensor(environment, direct, shape, OnnxJavaType.BOOL);
        };
    }

    private static NDArray array(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        DType dtype = switch (info.type) {
            case DOUBLE -> DType.F64;
            case FLOAT -> DType.F32;
            case INT32 -> DType.I32;
            case BOOL -> DType.BOOL;
            default -> throw new IllegalStateException("onnxruntime gives " + info.type + ": Clew has no such type");
        };
        Shape shape = Shape.of(
                Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray());
        return NDArray.of(dtype, shape, tensor.getByteBuffer().order(ByteOrder.nativeOrder()));
    }

    /** Which onnxruntime it is. */
    String version() {
        return environment.getVersion();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException error) {
            throw new IllegalStateException("onnxruntime does not close a model: " + error.getMessage(), error);
        }
    }
}
