/** TODO. */
@NullMarked
package dev.clew.internal.compile.emit;

import org.jspecify.annotations.NullMarked;
