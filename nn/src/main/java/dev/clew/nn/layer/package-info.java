/** Layers: records of parameters, with a method that builds their formula. */
@NullMarked
package dev.clew.nn.layer;

import org.jspecify.annotations.NullMarked;
