/** TODO. */
@NullMarked
package dev.clew.internal.compile.program;

import org.jspecify.annotations.NullMarked;
