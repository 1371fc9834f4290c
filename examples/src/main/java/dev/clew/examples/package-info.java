/**
 * Five recurrent networks in reading order, trained with automatic gradients. Every file can be read from top to bottom;
 * {@link dev.clew.examples.Main} runs them. Gradients by hand, for comparison, stand in {@code byhand}, and the ones that
 * were published with the networks, mistakes included, in {@code notebook}. {@code DelayedBits}, by the name {@code online}, compares ways
 * to a gradient through time on an endless stream.
 */
@NullMarked
package dev.clew.examples;

import org.jspecify.annotations.NullMarked;
