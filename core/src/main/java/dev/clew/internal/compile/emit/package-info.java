/**
 * The records that compute a schedule: which kernel, product, sweep or copy, on which views.
 *
 * <p><b>In:</b> a {@code Schedule} and a {@code Placement}. <b>Out:</b> {@code Emitted}, drafts of records in order with the blocks
 * that they touch; with the memory divided it is a {@code CompiledProgram}, everything about a plan that does not depend on
 * numbers.
 *
 * <p>Where a record cannot read an operand as it lies, a copy comes before it; such copies are counted, and tests say that standard
 * networks need none.
 *
 * <p><b>Read</b> {@code EmitRecords}, which goes through the units; {@code LoopRecords} with {@code KernelRecords}, fused loops;
 * {@code ProductRecords}; {@code ReductionRecords}; {@code SweepRecords} with {@code SelectionRecords}, whatever moves elements;
 * {@code RecurrenceRecords}, loops as one record;
 * {@code FallbackRecords}, operations by their own rule, as a user’s {@code Custom} is; {@code StepRecords}, the end of a training
 * step.
 */
@NullMarked
package dev.clew.internal.compile.emit;

import org.jspecify.annotations.NullMarked;
