/**
 * Computing again instead of keeping, for plans within a number of bytes (Chen et al., Training Deep Nets with Sublinear Memory
 * Cost, 2016).
 *
 * <p><b>In:</b> a {@code Program} whose products are merged as far as sums go, and a number of segments. <b>Out:</b> one in phases,
 * in which what a later phase needs is kept or computed again, and sums go on from phase to phase. The bits are those of the whole
 * program.
 *
 * <p><b>Read</b> {@code Lifetimes}, when values are there; {@code Remat}, the cut; {@code PartialSums}, which sums can be taken
 * some terms at a time; {@code SumInPhases} and {@code BlocksInPhases}, how they go on; {@code NodeBytes}.
 */
@NullMarked
package dev.clew.internal.compile.remat;

import org.jspecify.annotations.NullMarked;
