/**
 * Losses: functions of tensors, not operations of their own. {@link dev.clew.nn.loss.Losses} has the usual ones, and the means of padded
 * batches by token and by sequence; {@link dev.clew.nn.loss.CrossEntropy} has options. Of sequences there are {@link
 * dev.clew.nn.loss.Ctc}, labels without times, and {@link dev.clew.nn.loss.LinearChainCrf}, tags that depend on each other; of numbers
 * with a spread, {@link dev.clew.nn.loss.GaussianDensity} and {@link dev.clew.nn.loss.MixtureDensity}.
 *
 * {@snippet lang=java :
 * Tensor logits = Tensor.of(new double[][] {{2, 0}, {0, 2}}); // (batch, classes)
 * Tensor nats = Losses.softmaxCrossEntropy(logits, 0, 1); // of the right classes, ln(1 + 1/e²)
 * IO.println("%.4f".formatted(nats.item())); // 0.1269
 * }
 */
@NullMarked
package dev.clew.nn.loss;

import org.jspecify.annotations.NullMarked;
