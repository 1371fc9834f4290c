/**
 * Is this gradient right? Differences of values say so, which know their own error.
 *
 * {@snippet lang=java :
 * GradientReport check = GradientCheck.of(x -> x.square().tanh().sum(), point).report();
 * IO.println(check.isRight()); // true
 *
 * AuditReport audit = GradientAudit.of(Unrolled.of(loss, Map.of("Wx", wx, "Wh", wh)))
 *         .withGradients(ByHand.of(Map.of("Wx", dWx, "Wh", dWh)))
 *         .report();
 * IO.println(audit.explanations().getFirst().fix()); // Turn the sign of dWh.
 * }
 *
 * <p><b>In:</b> a function and a point, or a loss and its parameters. <b>Out:</b> a {@code GradientReport}: for every
 * element whether its gradient is right, wrong or undecided, and in the order of time where it begins to be wrong.
 *
 * <p><b>Read</b> {@code GradientCheck}, the question; {@code Examination}, {@code Probe} and {@code Line}, the
 * differences; {@code Noise}, {@code Swing} and {@code Jumps}, what they cannot see; {@code Judge}, {@code Verdict}
 * and {@code Finding}; {@code GradientAssert}, for tests.
 *
 * <p>Which line of it is wrong? {@code GradientAudit} tells, for a gradient written by hand. <b>In:</b> an {@code
 * Unrolled}, the forward pass, and a {@code ByHand}, numbers, or {@code HandWritten}, code that gives them.
 * <b>Out:</b> an {@code AuditReport} with an {@code AuditOutcome}, an {@code AuditedGradient} and an {@code
 * AuditedStep} for all that was given, an {@code Explanation} with its {@code Family} for every mistake, or a {@code
 * Location} where none fits, and a {@code ForwardDifference}.
 *
 * <p><b>Read</b> {@code GradientAudit}, the question; {@code ForwardPass} and {@code Fitting}, what may be asked;
 * {@code ForwardAgreement}, {@code SecondCall} and {@code Agreement}, what is compared besides the gradient; {@code
 * ByHandAssert} and {@code HandWrittenAssert}, for tests; {@code AuditText}, the report for a terminal, {@code
 * AuditPage} with {@code StepMap} for a browser, {@code AuditJson} for programs.
 */
@NullMarked
package dev.clew.audit;

import org.jspecify.annotations.NullMarked;
