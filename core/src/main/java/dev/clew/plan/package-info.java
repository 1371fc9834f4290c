/** TODO. */
@NullMarked
package dev.clew.plan;

import org.jspecify.annotations.NullMarked;
