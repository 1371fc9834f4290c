/**
 * How the audit finds the wrong line: what the nodes of an unrolled loop have in common, every single mistake that can be made in the
 * gradient of it, and the search for those that reproduce given numbers.
 *
 * <p>{@code Roles} finds which nodes are the same line of the loop at other steps, from what {@code Lines} tells of each and where
 * {@code InitialStates} are the first of a state; {@code Times} at which step each stands. {@code Backward} is the right gradient, use by use
 * ({@code Use}, {@code UseRole}), each with what it brings as a formula ({@code Terms}, {@code Template}). A {@code Mutation} rewrites what
 * the uses of some roles bring, and a {@code MutatedSweep} is the gradient that results.
 *
 * <p>The families of mistakes ask {@code Uses} for what there is, and know no cell and no loss: {@code Sums}, {@code ReadValues} (each {@code Read}, {@code OtherSteps}), {@code Everywhere},
 * {@code ActivationSlopes}, {@code MisplacedFactors}, {@code TermParts}, {@code Paths}, {@code Plumbing}, {@code Losses}, {@code Truncations}, {@code Deep}, {@code Factors}.
 *
 * <p>{@code Diagnosis} has {@code Search} look for the fewest that give the numbers of
 * every {@code Target}, judged by {@code Scores} from a {@code Valuation} and beyond the rounding of its {@code Magnitude}; {@code Ties} and {@code FreshPoint} tell apart what
 * is not the same formula, {@code TestPoint} says what numbers cannot decide, {@code Locator} where a gradient goes wrong that
 * nothing explains, with {@code Blame} on the addend that {@code Alterations} make likely, {@code Leftovers} what
 * only a second call shows. {@code Notation}, {@code Formulas}, {@code LossFormula} and {@code Comparison} write it down.
 */
@NullMarked
package dev.clew.internal.audit;

import org.jspecify.annotations.NullMarked;
