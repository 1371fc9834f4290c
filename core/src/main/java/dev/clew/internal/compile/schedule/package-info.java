/** TODO. */
@NullMarked
package dev.clew.internal.compile.schedule;

import org.jspecify.annotations.NullMarked;
