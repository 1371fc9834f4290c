/**
 * The compiler: from the graph that a plain loop makes to records, steps of a plan, that run fast; {@code dev.clew.internal} has
 * the words. <b>The tour begins here.</b>
 *
 * <p>{@code Pipeline} has all stages in one list, in their order; adding a pass is a class in its room, a line in that list, and a
 * look at what it does to the table of schedules ({@code schedules.txt}, beside {@code SchedulesTest}, which writes it anew with
 * {@code -Dclew.writeGoldens=true}). {@code Compilation} is what goes through the list, {@code Stage} one line of it, {@code Pass}
 * what tests may leave out. {@code Compiler} goes through it once; {@code Budget} looks for the cut into phases with which a plan
 * keeps within a number of bytes.
 *
 * <p>The rooms, in the order in which a program comes to them first (a cut into phases stands in the middle of the rewrites, and
 * the last two stages are layout again): {@code program}, what a program is, and how a graph becomes one; {@code rewrite}, passes
 * from programs to programs (fewer and larger operations); {@code remat}, computing again instead of keeping; {@code schedule},
 * which operations share a loop, and in which order the loops go; {@code layout}, where values lie in memory; {@code emit}, the
 * records that compute them. {@code verify} holds what every stage leaves to rules: a program, a schedule, places, records. {@code
 * run} runs what came out, and {@code selfcheck} compares a run with what the formulas mean.
 *
 * <p>To look between two stages, run with {@code -Dclew.show=fuse} (a name of the list, or {@code all}), or ask {@code
 * Pipeline.show}. If you suspect a wrong number, {@code -Dclew.verify=true}; see {@link dev.clew.plan.Plan}.
 */
@NullMarked
package dev.clew.internal.compile;

import org.jspecify.annotations.NullMarked;
