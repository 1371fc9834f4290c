/** TODO. */
@NullMarked
package dev.clew.internal.formula;

import org.jspecify.annotations.NullMarked;
