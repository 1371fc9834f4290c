/**
 * Layers and cells: records of parameters, with a method that builds their formula, or that of one step.
 *
 * {@snippet lang=java :
 * var cell = RnnCell.create(3, 8, key.fold(0));
 * var head = Linear.create(8, 2, key.fold(1));
 * Tensor h = cell.start(4); // a batch of 4
 * for (Tensor x : inputs) {
 *     h = cell.next(x, h);
 * }
 * IO.println(head.of(h).shape()); // (4, 2)
 * }
 */
@NullMarked
package dev.clew.nn.layer;

import org.jspecify.annotations.NullMarked;
