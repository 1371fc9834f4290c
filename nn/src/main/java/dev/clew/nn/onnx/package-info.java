/** ONNX. */
@NullMarked
package dev.clew.nn.onnx;

import org.jspecify.annotations.NullMarked;
