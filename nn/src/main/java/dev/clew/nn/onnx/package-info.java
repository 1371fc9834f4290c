/**
 * Formulas as models of ONNX, and back: {@link dev.clew.nn.onnx.OnnxModel} is one.
 *
 * {@snippet lang=java :
 * Tensor x = Tensor.input("x", DType.F32, 1, 3);
 * OnnxModel model = OnnxModel.of(Map.of("y", x.matmul(w).tanh()));
 * IO.println(model.operators()); // {Identity=1, MatMul=1, Tanh=1}
 * model.write(Path.of("model.onnx"));
 * }
 *
 * <p>{@link dev.clew.nn.onnx.Exporter} writes tensors as {@link dev.clew.nn.onnx.Literal}s, which are what a model is made of, into an
 * {@link dev.clew.nn.onnx.Emission}: by {@link dev.clew.nn.onnx.ElementwiseExport}, {@link dev.clew.nn.onnx.ReductionExport}, {@link
 * dev.clew.nn.onnx.ScanExport}, {@link dev.clew.nn.onnx.MovementExport}, {@link dev.clew.nn.onnx.SelectionExport} and, of loops that are
 * one {@link dev.clew.nn.onnx.RecurrentOperator}, {@link dev.clew.nn.onnx.RecurrentExport}. {@link dev.clew.nn.onnx.ModelWriter} and
 * {@link dev.clew.nn.onnx.ModelReader} know the bytes, and {@link dev.clew.nn.onnx.ElementKind} the types. {@link
 * dev.clew.nn.onnx.Importer} makes tensors of {@link dev.clew.nn.onnx.Values}: by {@link dev.clew.nn.onnx.ElementwiseImport}, {@link
 * dev.clew.nn.onnx.MovementImport}, {@link dev.clew.nn.onnx.SelectionImport} and {@link dev.clew.nn.onnx.RecurrentImport}.
 */
@NullMarked
package dev.clew.nn.onnx;

import org.jspecify.annotations.NullMarked;
