/** TODO. */
@NullMarked
package dev.clew.internal.compile.remat;

import org.jspecify.annotations.NullMarked;
