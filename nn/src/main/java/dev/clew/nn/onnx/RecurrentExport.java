package dev.clew.nn.onnx;

import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;

interface RecurrentExport {
    List<Tensor> operands();

    Map<Tensor, String> emit(Emission to, List<String> x);
}
