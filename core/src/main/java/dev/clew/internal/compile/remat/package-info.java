/**
 * Computing again instead of keeping, for plans within a number of bytes (Chen et al., Training Deep Nets with Sublinear Memory
 * Cost, 2016).
 *
 * <p><b>In:</b> a {@code Program} in which everything is merged that changes how sums are added, and into how many segments its
 * early part is to be cut. <b>Out:</b> one in phases, in which what a later phase needs is kept or computed again, and sums go on
 * from phase to phase. The bits are those of the whole program. What is computed before most bytes are in use is early; of it, what
 * a later segment needs is kept, and whatever else is needed again is computed from that, segment by segment backward.
 *
 * <p><b>Read</b> {@code Lifetimes}, when values are there; {@code Remat}, the cut; {@code PartialSums}, which sums can be taken
 * some terms at a time; {@code SumInPhases} and {@code BlocksInPhases}, how they go on; {@code NodeBytes}.
 */
@NullMarked
package dev.clew.internal.compile.remat;

import org.jspecify.annotations.NullMarked;
