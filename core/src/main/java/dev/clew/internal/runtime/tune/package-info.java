/** TODO. */
@NullMarked
package dev.clew.internal.runtime.tune;

import org.jspecify.annotations.NullMarked;
