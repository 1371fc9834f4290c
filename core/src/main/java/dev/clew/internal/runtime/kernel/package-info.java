/**
 * Fused loops over rows and columns: elementwise operations, with the sums and maxima along a row that they need, and sums over
 * rows.
 *
 * <p><b>In:</b> a {@code Cluster}: what is read, what is computed from it, step by step, and what is written. <b>Out:</b> a {@code
 * Kernel} in a plain and in a vector form, which give the same bits; a {@code KernelLoop} runs it once for every step of the loops
 * around.
 *
 * <p>The vector form is generated: the steps of a cluster become vectors and masks, each made once, and these become one method of
 * bytecode, so that C2 sees straight code. The columns of a row that fill no vector are one masked vector more. What is too much for
 * C2 becomes several methods, which go over a block of the rows one after the other and leave vectors to each other in a buffer.
 *
 * <p><b>Read</b> {@code Cluster}, {@code ClusterForm} and {@code ClusterPasses}, how often a row is passed over; {@code Kernel}.
 * The plain form: {@code KernelPlain}, {@code KernelWorker}, {@code KernelBlocks}. The vector form, from the outside in: {@code
 * KernelVector}, {@code KernelMethods} and {@code KernelPart}, {@code KernelProgram} and {@code KernelSteps} (a cluster as vectors), {@code
 * KernelGraph} and {@code KernelNode}; {@code KernelParts} with {@code KernelCost}, {@code KernelUses}, {@code KernelPartPrograms} and
 * {@code KernelRooms} (how it is cut);
 * {@code KernelCode}, {@code KernelWriter}, {@code KernelOps}, {@code KernelFold} (a reduction), {@code KernelSpecies} (the names
 * of the Vector API), as bytecode; {@code KernelMasks} and {@code KernelCarry}, called from generated code. Sums over rows: {@code
 * SumRows}, {@code KernelColumns} with {@code KernelColumnsCode} and {@code KernelColumnBlocks}.
 */
@NullMarked
package dev.clew.internal.runtime.kernel;

import org.jspecify.annotations.NullMarked;
