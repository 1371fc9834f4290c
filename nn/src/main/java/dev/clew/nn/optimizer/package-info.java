/** Optimizers: the update of the parameters is a graph too, evaluated together with the loss. */
@NullMarked
package dev.clew.nn.optimizer;

import org.jspecify.annotations.NullMarked;
