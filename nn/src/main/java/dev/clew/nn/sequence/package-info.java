/**
 * Any cell over time. {@link dev.clew.nn.sequence.Cell} is the contract, {@link dev.clew.nn.sequence.Run} the driver, {@link
 * dev.clew.nn.sequence.States} what is done to a whole state; {@link dev.clew.nn.sequence.Stack}, {@link
 * dev.clew.nn.sequence.Residual} and {@link dev.clew.nn.sequence.Zoneout} make cells of cells (with {@link
 * dev.clew.nn.sequence.Counted} states), {@link dev.clew.nn.sequence.Masks} masks
 * of lengths. {@link dev.clew.nn.sequence.Layers} run over whole sequences one after the other, in one direction or both. Batches of
 * sequences are of {@code dev.clew.nn.data}.
 *
 * {@snippet lang=java :
 * var cell = new Stack<>(Lstm.create(3, 8, key.fold(0)), Gru.create(8, 8, key.fold(1)));
 * var run = Run.of(cell, x, 5, 2); // two sequences of 5 and 2 steps in a batch (2, 5, 3)
 * IO.println(run.outputs().shape()); // (2, 5, 8)
 * IO.println(run.lastOutputs().shape()); // (2, 8)
 * }
 */
@NullMarked
package dev.clew.nn.sequence;

import org.jspecify.annotations.NullMarked;
