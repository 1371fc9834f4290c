/** A run of training that is killed and goes on: {@link dev.clew.examples.resume.Resume}. */
@NullMarked
package dev.clew.examples.resume;

import org.jspecify.annotations.NullMarked;
