/**
 * Optimizers: the update of the parameters is a graph too, evaluated together with the loss. An {@link dev.clew.nn.optimizer.Optimizer} is
 * a chain of {@link dev.clew.nn.optimizer.Transform parts}; {@link dev.clew.nn.optimizer.Sgd}, {@link dev.clew.nn.optimizer.Adam} and
 * {@link dev.clew.nn.optimizer.Clip} are ready-made.
 */
@NullMarked
package dev.clew.nn.optimizer;

import org.jspecify.annotations.NullMarked;
