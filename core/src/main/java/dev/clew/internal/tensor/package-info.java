/** TODO. */
@NullMarked
package dev.clew.internal.tensor;

import org.jspecify.annotations.NullMarked;
