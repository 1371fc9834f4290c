/** TODO. */
@NullMarked
package dev.clew.internal.runtime.kernel;

import org.jspecify.annotations.NullMarked;
