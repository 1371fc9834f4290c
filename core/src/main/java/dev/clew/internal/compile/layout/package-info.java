/** TODO. */
@NullMarked
package dev.clew.internal.compile.layout;

import org.jspecify.annotations.NullMarked;
