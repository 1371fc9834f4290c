/** TODO. */
@NullMarked
package dev.clew.internal.array;

import org.jspecify.annotations.NullMarked;
