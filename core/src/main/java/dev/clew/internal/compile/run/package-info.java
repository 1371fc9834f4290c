/**
 * Running what was compiled, and keeping it to be run again.
 *
 * <p><b>In:</b> a {@code CompiledProgram}, and numbers. <b>Out:</b> numbers; and, from a training step, parameters that have
 * changed, all together or not at all.
 *
 * <p><b>Read</b> {@code Tape}, records one after the other on a memory; {@code RecordList} with their times, {@code Tiers}, which
 * form of a record runs, the plain one until the generated one is compiled, on the {@code WarmUpThread}; {@code StepRunner}, a step whose parameters stay in its
 * memory, and {@code StepProgram}, what it is compiled from. For {@code value()} and {@code step()}: {@code CompilingEvaluator},
 * with {@code FirstLook}, which leaves to the walk what nobody has asked for before, {@code TapeCache} and {@code StepCache}, which
 * find what was compiled before, and {@code RecompilationNotice}, which says
 * when that never happens. {@code PlanExplanation} is a plan on a page; {@code HeapFootprint} and {@code NativeMemory} are what is
 * kept.
 */
@NullMarked
package dev.clew.internal.compile.run;

import org.jspecify.annotations.NullMarked;
