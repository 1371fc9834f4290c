/**
 * How the audit finds the wrong line: what the nodes of an unrolled loop have in common, every single mistake that can be made in the
 * gradient of it, and the search for those that reproduce given numbers.
 *
 * <p>{@link dev.clew.internal.audit.Roles} finds which nodes are the same line of the loop at other steps, {@link
 * dev.clew.internal.audit.Times} at which step each stands. {@link dev.clew.internal.audit.Backward} is the right gradient, use by use
 * ({@link dev.clew.internal.audit.Use}, {@link dev.clew.internal.audit.UseRole}), each with what it brings as a formula ({@link
 * dev.clew.internal.audit.Terms}, {@link dev.clew.internal.audit.Template}). A {@link dev.clew.internal.audit.Mutation} rewrites what
 * the uses of some roles bring, and a {@link dev.clew.internal.audit.MutatedSweep} is the gradient that results.
 *
 * <p>The families of mistakes ask {@link dev.clew.internal.audit.Uses} for what there is, and know no cell and no loss: {@link
 * dev.clew.internal.audit.Sums}, {@link dev.clew.internal.audit.ReadValues}, {@link dev.clew.internal.audit.Everywhere}, {@link
 * dev.clew.internal.audit.ActivationSlopes}, {@link dev.clew.internal.audit.TermParts}, {@link dev.clew.internal.audit.Paths}, {@link
 * dev.clew.internal.audit.Plumbing}, {@link dev.clew.internal.audit.Losses}, {@link dev.clew.internal.audit.Truncations}, {@link
 * dev.clew.internal.audit.Deep}, {@link dev.clew.internal.audit.Factors}.
 *
 * <p>{@link dev.clew.internal.audit.Diagnosis} has {@link dev.clew.internal.audit.Search} look for the fewest that give the numbers of
 * every {@link dev.clew.internal.audit.Target}, judged by {@link dev.clew.internal.audit.Scores} from a {@link
 * dev.clew.internal.audit.Valuation}; {@link dev.clew.internal.audit.Ties} and {@link dev.clew.internal.audit.FreshPoint} tell apart what
 * is not the same formula, {@link dev.clew.internal.audit.TestPoint} says what numbers cannot decide, {@link
 * dev.clew.internal.audit.Locator} where a gradient goes wrong that nothing explains, {@link dev.clew.internal.audit.Leftovers} what
 * only a second call shows. {@link dev.clew.internal.audit.Notation}, {@link dev.clew.internal.audit.Formulas}, {@link
 * dev.clew.internal.audit.LossFormula} and {@link dev.clew.internal.audit.Comparison} write it down.
 */
@NullMarked
package dev.clew.internal.audit;

import org.jspecify.annotations.NullMarked;
