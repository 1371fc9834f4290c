/**
 * Is this gradient right? Differences of values say so, which know their own error.
 *
 * <p><b>In:</b> a function and a point, or a loss and its parameters. <b>Out:</b> a {@code GradientReport}: for every element
 * whether its gradient is right, wrong or undecided, and in the order of time where it begins to be wrong.
 *
 * <p><b>Read</b> {@code GradientCheck}, the question; {@code Examination}, {@code Probe} and {@code Line}, the differences; {@code
 * Noise}, {@code Swing} and {@code Jumps}, what they cannot see; {@code Judge}, {@code Verdict} and {@code Finding}; {@code
 * GradientAssert}, for tests.
 *
 * <p>Which line of it is wrong? {@code GradientAudit} tells, for a gradient written by hand, in an {@code AuditReport}: {@code AuditText}
 * writes it for a terminal, {@code AuditPage} with {@code StepMap} for a browser, {@code AuditJson} for programs.
 */
@NullMarked
package dev.clew.audit;

import org.jspecify.annotations.NullMarked;
