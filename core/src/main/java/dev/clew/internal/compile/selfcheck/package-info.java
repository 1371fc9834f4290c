/**
 * Whether a plan computes what its formulas mean: with {@code -Dclew.verify=true}, once for every plan.
 *
 * <p><b>In:</b> a {@code CompiledProgram} and the numbers of its first run. <b>Out:</b> nothing, or an error that prints the
 * smallest program which shows the mistake.
 *
 * <p>The idea: end to end, a chaotic net would raise false alarms, so two comparisons meet at the program that the passes made.
 * {@code Replay} compares every record with the walk from that record’s own inputs, to the bit; {@code FormulaWalk} compares that
 * program with the formulas as they were written, led by the plan’s own values, with bounds where sums may be added in another
 * order.
 *
 * <p><b>Read</b> {@code SelfCheck}; {@code Replay}; {@code FormulaWalk} with {@code KnownValues} and {@code RoundingAllowance};
 * {@code ProgramExcerpt}, the smallest program.
 */
@NullMarked
package dev.clew.internal.compile.selfcheck;

import org.jspecify.annotations.NullMarked;
