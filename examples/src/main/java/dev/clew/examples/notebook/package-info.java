/**
 * The gradients of five public notebooks as they were published, mistakes included.
 *
 * <p>Each class computes what its notebook computed, and says at every wrong line what should stand there; the right
 * gradient is the class of the same network in {@code dev.clew.examples.byhand}. They show how little of a wrong
 * gradient can be seen from outside: shapes fit, numbers are finite, the loss often falls.
 */
@NullMarked
package dev.clew.examples.notebook;

import org.jspecify.annotations.NullMarked;
