/**
 * Five recurrent networks in reading order, trained with automatic gradients. Every file can be read from top to bottom;
 * {@link dev.clew.examples.Main} runs them. Gradients by hand, for comparison, stand in {@code byhand}, and the ones that
 * were published with the networks, mistakes included, in {@code notebook}.
 *
 * <p>Others run by name and have no twin: {@code adding} and {@code parity}, in which five cells learn one task and are judged at
 * lengths beyond those learnt; {@code custom-cell}, which looks into a cell that no library has; {@code online}, {@code
 * DelayedBits}, which compares ways to a gradient through time on an endless stream; {@code recurrences}, in which the cells of
 * {@code recurrence} learn to remember what is written and to forget what is replaced; and {@code torch-weights}, {@code TorchLstm},
 * which goes on where PyTorch left off.
 */
@NullMarked
package dev.clew.examples;

import org.jspecify.annotations.NullMarked;
