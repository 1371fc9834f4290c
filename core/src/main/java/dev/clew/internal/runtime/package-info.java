/** TODO. */
@NullMarked
package dev.clew.internal.runtime;

import org.jspecify.annotations.NullMarked;
