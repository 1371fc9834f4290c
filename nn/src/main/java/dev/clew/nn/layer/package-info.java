/** Layers and cells: records of parameters, with a method that builds their formula, or that of one step. */
@NullMarked
package dev.clew.nn.layer;

import org.jspecify.annotations.NullMarked;
