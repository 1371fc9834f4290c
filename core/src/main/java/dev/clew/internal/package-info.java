/**
 * The engine: what computes formulas, and what users do not see. <b>Begin here</b>, then at {@code dev.clew.internal.compile}.
 *
 * <p><b>The order of the house.</b> {@code array}, then {@code internal.formula}, {@code tensor}, {@code gradient}, {@code audit}:
 * each knows those before it. {@code internal.runtime} knows {@code array} and {@code internal.formula} alone; {@code
 * internal.compile} knows it, and {@code tensor}; {@code plan} knows the compiler. {@code ArchitectureTest} has the table, room by
 * room, and holds it. {@code internal.array} and {@code internal.tensor} are the back rooms of the packages of those names.
 *
 * <p><b>The words</b>, in the order in which a number meets them:
 *
 * <ul>
 *   <li>A <i>graph</i> is what a user’s loop builds of tensors. The <i>walk</i> evaluates it node by node, each by its own rule: that is
 *       what formulas mean, and everything else is held to it.
 *   <li>A <i>program</i> is the same as a list of nodes without numbers; its <i>leaves</i> are where numbers come in.
 *   <li>A <i>unit</i> is some nodes of a program that are computed together. On its way it becomes a <i>record</i>: one step of a plan,
 *       which reads and writes one memory at fixed places. A fused loop is described by a <i>cluster</i> and run by a <i>kernel</i>; a
 *       matrix product is run in <i>tiles</i>; what only moves elements is a <i>sweep</i>.
 *   <li>A <i>view</i> says where elements lie in a <i>block</i> of that memory, by offset and strides.
 *   <li>A <i>tape</i> is records in their order, with a memory. A <i>step</i> is a tape at whose end parameters change. A <i>plan</i> is
 *       either, as a user has it.
 *   <li>A <i>formula</i> in {@code internal.formula} is one elementwise function in exactly rounded steps; everywhere else it is what a
 *       user wrote with tensors.
 *   <li><i>The order of sums</i>: long sums are added in blocks and a tree, {@code BlockSum}; products in blocks along their inner axis;
 *       terms of one sum as {@code SumOfTerms} says. Walk, plain code, vectors and threads keep it, so all have the same bits.
 *   <li><i>C2</i> is the JVM’s optimizing compiler. Records have a plain <i>form</i>, fast from the first call, and a generated one, fast
 *       once C2 has compiled it; a <i>tier</i> is which of the two runs.
 * </ul>
 *
 * <p><b>One example.</b> {@code softmax(x·w)} is a graph of a product, a maximum along rows, a difference, an exponential, a sum
 * and a quotient. Captured, {@code x} and {@code w} are leaves. {@code rewrite} leaves it as it is; in a loop over time it would
 * join the products of all steps. {@code schedule} makes two units of it: the product, and all the rest, which goes over the same
 * rows. {@code layout} gives every value a block, of which only those of the product and the result come to be used. {@code emit}
 * makes a record of each unit, and one that packs {@code w}. {@code runtime} has the tile and the kernel that these records run.
 * {@code Pipeline.show} prints all of this.
 *
 * <p><b>Where to go</b> if two rooms seem right: equal nodes are made one in {@code compile.rewrite}, equal places in {@code
 * compile.layout}; what a loop may contain is decided in {@code compile.schedule}, what one record can do in {@code
 * runtime.kernel}; which cut a budget of bytes gets is searched in {@code compile}, made in {@code compile.remat}; how long
 * something compiled is kept is decided in {@code compile.run}, what is dropped first in {@code runtime}; whatever depends on the
 * numbers of a run, such as whether indices are sorted, is known to {@code runtime} alone. What users are told stands where it is
 * noticed: in {@code tensor} and its back room while formulas are built and read, in {@code plan} when a plan is compiled and when
 * it fails, in {@code compile.run} if too much is compiled. Numbers drawn at random are data to all of this: {@code RandomKey}
 * draws them, and a plan repeats what it was compiled with unless the key is an input.
 */
@NullMarked
package dev.clew.internal;

import org.jspecify.annotations.NullMarked;
