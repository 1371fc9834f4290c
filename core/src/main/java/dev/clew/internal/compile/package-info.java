/** TODO. */
@NullMarked
package dev.clew.internal.compile;

import org.jspecify.annotations.NullMarked;
