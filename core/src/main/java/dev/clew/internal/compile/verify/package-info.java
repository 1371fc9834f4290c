/** TODO. */
@NullMarked
package dev.clew.internal.compile.verify;

import org.jspecify.annotations.NullMarked;
