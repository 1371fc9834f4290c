/** Is this gradient right? The question put to differences of values. */
@NullMarked
package dev.clew.audit;

import org.jspecify.annotations.NullMarked;
