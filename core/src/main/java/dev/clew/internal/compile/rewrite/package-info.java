/** TODO. */
@NullMarked
package dev.clew.internal.compile.rewrite;

import org.jspecify.annotations.NullMarked;
