/** TODO. */
@NullMarked
package dev.clew.internal.compile.selfcheck;

import org.jspecify.annotations.NullMarked;
