/**
 * What layers, losses and optimizers share: the parameters of a model by name, and how they begin.
 *
 * {@snippet lang=java :
 * record Model(RnnCell cell, Linear head) {}
 * var model = new Model(RnnCell.create(4, 8, key.fold(0)), Linear.create(8, 2, key.fold(1)));
 * IO.println(Parameters.named(model).keySet()); // [cell.wx, cell.wh, cell.b, head.weight, head.bias]
 * IO.println(Parameters.count(model)); // 122
 * }
 */
@NullMarked
package dev.clew.nn;

import org.jspecify.annotations.NullMarked;
