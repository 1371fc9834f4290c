/** Gradients, which are graphs themselves. */
@NullMarked
package dev.clew.gradient;

import org.jspecify.annotations.NullMarked;
