/**
 * Ways to a gradient through time, for any cell, by name. {@link dev.clew.nn.credit.Credit} names them: backpropagation through time,
 * exact or truncated, and those that go forward with the stream, whose memory does not grow with it. {@link
 * dev.clew.nn.credit.Online} is the driver: it takes a stream step by step and gives a {@link dev.clew.nn.credit.Lesson} whenever
 * there is a gradient, which an optimizer applies. {@link dev.clew.nn.credit.CreditReport} says how far a way is from the exact
 * gradient, by parameter and by lag.
 *
 * {@snippet lang=java :
 * var online = Online.of(model, model.cell(), loss, Credit.truncated(1, 4)); // lags 0 to 3 alone
 * CreditReport report = CreditReport.of(online, inputs, targets);
 * IO.println("%.3f".formatted(report.at(3).cosine())); // 1.000
 * IO.println("%.3f".formatted(report.at(4).cosine())); // NaN
 * }
 *
 * <p>With the state s' = f(x, s, θ), the output y = g(x, s, θ) and the loss L(y) of a step, all need two matrices of the step: D =
 * ∂s'/∂s, how the state goes on, and I = ∂s'/∂θ, what parameters do to it at once. The influence J = ds/dθ of all that was before goes
 * by J' = D·J + I. A way is a way to keep J, or not to: {@code Influence} has them. D and I are formulas, made by ordinary gradients of
 * the cell's own step, and a step is one plan ({@code Recurring}) that is run again and again.
 */
@NullMarked
package dev.clew.nn.credit;

import org.jspecify.annotations.NullMarked;
