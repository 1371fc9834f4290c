/**
 * What runs: formulas compiled once for their shapes, to be run many times on different numbers.
 *
 * {@snippet lang=java :
 * Tensor x = Tensor.input("x", DType.F64, 3);
 * Plan plan = Plan.compile(List.of(x.square().sum()));
 * IO.println(plan.run(Map.of(x, NDArray.of(new double[] {1, 2, 3}))).getFirst().item()); // 14.0
 * IO.println(plan.run(Map.of(x, NDArray.of(new double[] {0, 0, 2}))).getFirst().item()); // 4.0
 * }
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
