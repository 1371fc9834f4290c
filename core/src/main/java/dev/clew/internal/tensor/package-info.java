/**
 * The back room of {@code dev.clew.tensor}: what evaluates tensors and trains parameters, and what only the derivatives of other
 * operations are. The two packages are one room in the order of the house, since a tensor is what it is by its operations, and
 * these are functions of tensors; but no user needs to see this half.
 *
 * <p><b>Evaluating.</b> {@code Walk} is the meaning of the language: node after node, each by its operation’s own rule. {@code
 * InstalledEvaluator} is the one that is there for everybody. {@code Kept} are values that were asked for before, valid for as long
 * as no parameter changes. {@code NodeTable} collects a graph. {@code Derivation} and {@code Caller} know which line of the user’s
 * program, or whose derivative, is being made; {@code Trail} goes back from a number that is not finite to where it began, by
 * {@code Reads}, and {@code NotFinite}, {@code FirstNonFinite} says so.
 *
 * <p><b>Training.</b> A step is {@code StepFormulas}: outputs, what is reported, and new values of parameters. A {@code StepRule}
 * is an optimizer’s share of it: asked with the loss, it answers with a {@code StepChange}, the gradients to report and p −
 * rate·∂loss/∂p for every parameter. A {@code StepEvaluator} computes it, with a {@code StepResult} of {@code StepValues}; {@code
 * WalkedStep} is the plain way. {@code ParameterLock} says who may read and who may change, {@code ParameterState} is what a
 * parameter holds, and a {@code Residence} has the numbers of many in the memory of a plan. {@code Afterwards} notices what is
 * asked of a loss when its step is over.
 *
 * <p><b>Operations.</b> {@code Place} and {@code Unpick} are the derivatives of slices and of picking, {@code SteppedRecurrence} a
 * loop that the compiler has recognized, {@code Window}, which
 * elements of an array, is what both speak of; {@code Overlaps}, {@code Accumulator}, {@code ScatteredSums} and {@code SumOfTerms}
 * add in the order that sums have. {@code Indices}, {@code DTypes} and {@code Sources} check what operations are given.
 *
 * <p>{@code TensorAccess} is the one way to what tensors and parameters hold.
 */
@NullMarked
package dev.clew.internal.tensor;

import org.jspecify.annotations.NullMarked;
