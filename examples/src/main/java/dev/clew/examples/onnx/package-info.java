/**
 * Models that run elsewhere: {@link dev.clew.examples.onnx.Onnx} trains {@link dev.clew.examples.onnx.Letters} and writes them, and a cell of
 * its own, as ONNX. {@link dev.clew.examples.onnx.RuntimeSession} computes them in onnxruntime, {@link dev.clew.examples.onnx.Twin} has both
 * sides, and {@link dev.clew.examples.onnx.Writers} lets both write.
 */
@NullMarked
package dev.clew.examples.onnx;

import org.jspecify.annotations.NullMarked;
