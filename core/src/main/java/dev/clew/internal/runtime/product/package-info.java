/** TODO. */
@NullMarked
package dev.clew.internal.runtime.product;

import org.jspecify.annotations.NullMarked;
