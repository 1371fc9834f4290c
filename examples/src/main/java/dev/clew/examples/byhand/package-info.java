/**
 * Five small recurrent networks with their gradients written by hand, in plain Java arrays.
 *
 * <p>Each class runs its network over a sequence, then walks the sequence backward and collects the derivative of the
 * loss with respect to every weight: backpropagation through time (Werbos, 1990). They use nothing of Clew, so that an
 * automatic gradient and its twin here can only agree by both being right. Sequences may have any length, none
 * included, and the initial state any value.
 *
 * <p>The names of the weights, and whether vectors are rows or columns, are those of the public notebooks that the
 * networks come from; {@code dev.clew.examples.notebook} has the gradients as those notebooks published them. Every
 * derivative is named after what the loss is differentiated by: {@code dHidden} is ∂L/∂h.
 */
@NullMarked
package dev.clew.examples.byhand;

import org.jspecify.annotations.NullMarked;
