/** TODO. */
@NullMarked
package dev.clew.internal.compile.run;

import org.jspecify.annotations.NullMarked;
