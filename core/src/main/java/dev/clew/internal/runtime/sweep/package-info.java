/** TODO. */
@NullMarked
package dev.clew.internal.runtime.sweep;

import org.jspecify.annotations.NullMarked;
