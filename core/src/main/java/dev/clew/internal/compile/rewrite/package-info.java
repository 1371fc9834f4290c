/**
 * Passes from programs to programs: fewer and larger operations that compute the same.
 *
 * <p><b>In and out:</b> a {@code Program}. The idea: a loop over time makes many small products. A product has three axes, so there
 * are three merges: those that share the left operand are columns of one ({@code MergeColumns}), those that are added are one over
 * a longer sum ({@code MergeSums}, the gradient of a weight over all steps), and those that share the right operand and do not wait
 * for each other are rows of one ({@code MergeRows}). What followed a merged product step by step is then done to all steps at once
 * ({@code Lift}). Nothing here knows a network by name.
 *
 * <p>What is computed stays the same to the bit, but for the order of sums that are merged; {@code Tensor.value} says how far that
 * goes. A merge may leave equal nodes behind, so {@code Simplify} runs after each that changed anything.
 *
 * <p>A loop whose states are a product and a sum of the states before, and of nothing that is made of them, is one operation too
 * ({@code Recurrences}), with stacks of factors and terms, so that what makes these can be lifted.
 *
 * <p><b>Read</b> {@code Simplify} with {@code SlicesAndConcats} and {@code OneByOne}, the algebra that is exact; {@code ProductLevels}, which products
 * wait for each other; {@code MergeColumns}, {@code MergeSums}, {@code MergeLeftovers}, for the ends of loops, where a step lacks
 * what the others have; {@code MergeRows}; {@code Recurrences}; {@code Lift} with {@code LiftGroup}, {@code EqualParts}, {@code Ascent}, which way stacks
 * go, {@code LiftedOperation} and {@code LiftedSums}; {@code StackSums},
 * sums that will be sums of stacks, and {@code SplitLongSums}, long sums as a few short ones.
 */
@NullMarked
package dev.clew.internal.compile.rewrite;

import org.jspecify.annotations.NullMarked;
