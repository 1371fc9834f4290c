/**
 * What runs: formulas compiled once for their shapes, to be run many times on different numbers.
 *
 * <p>{@link dev.clew.plan.Plan} is the door of those who compile by themselves; {@code value()} and {@code step()} come in by
 * {@code CompilingEvaluator}, which compiles once for every structure and finds what it has compiled before. It checks what it is
 * given, on the line of whoever calls; the formulas then go through {@code dev.clew.internal.compile}, and what comes out is run by
 * {@code dev.clew.internal.compile.run}. If a run fails, the walk goes over the formulas again and says, in the terms of the
 * formulas, what happened and where. {@link dev.clew.plan.Threads} says who computes.
 */
@NullMarked
package dev.clew.plan;

import org.jspecify.annotations.NullMarked;
