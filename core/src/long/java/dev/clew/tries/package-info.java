/** The size of the long run. */
@NullMarked
package dev.clew.tries;

import org.jspecify.annotations.NullMarked;
