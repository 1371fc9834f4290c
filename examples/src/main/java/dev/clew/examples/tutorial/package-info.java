/**
 * Twelve gradients of recurrent networks as they stand in code that people read, each wrong in one line, and three
 * right ones that were taken for wrong.
 *
 * <p>{@code VanillaRnn}, {@code SigmoidRnn} and {@code Lstm} are plain loops over Java arrays. Their backward passes
 * are right but for one line, and which that is, their {@code Variant} says: the wrong line stands beside the right
 * one. {@code JacobianProducts} is a right gradient in the notation of papers.
 *
 * <p><b>In:</b> numbers by name. <b>Out:</b> what the code by hand takes for the gradient. {@code Tutorials} and {@code
 * Notebooks} list them, each with the same forward pass in Clew, for an audit.
 *
 * <p>All vectors are columns; {@code δ_t} is ∂L/∂ of what goes into the tanh or sigmoid of step t.
 */
@NullMarked
package dev.clew.examples.tutorial;

import org.jspecify.annotations.NullMarked;
