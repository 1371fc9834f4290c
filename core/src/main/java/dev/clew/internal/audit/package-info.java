/**
 * How the audit finds the wrong line: what the nodes of an unrolled loop have in common, every single mistake that can be made in the
 * gradient of it, and the search for those that reproduce given numbers.
 *
 * <p>{@link dev.clew.internal.audit.Roles} finds which nodes are the same line of the loop at other steps, {@link
 * dev.clew.internal.audit.Times} at which step each stands. {@link dev.clew.internal.audit.Backward} is the right gradient, use by
 * use; a {@link dev.clew.internal.audit.Mutation} rewrites what all uses of one role bring, and a {@link
 * dev.clew.internal.audit.Sweep} is the gradient that results.
 */
@NullMarked
package dev.clew.internal.audit;

import org.jspecify.annotations.NullMarked;
