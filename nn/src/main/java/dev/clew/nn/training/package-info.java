/** Training as a whole: what it has reached, kept in a file as a {@link dev.clew.nn.training.Snapshot}. */
@NullMarked
package dev.clew.nn.training;

import org.jspecify.annotations.NullMarked;
