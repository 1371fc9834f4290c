/**
 * Which operations share a loop, and in which order loops and products go.
 *
 * <p><b>In:</b> a {@code Program}. <b>Out:</b> a {@code Schedule}: units, each to be computed by one record, every one after what
 * it needs.
 *
 * <p><b>Read</b> {@code Schedule}; {@code FuseLoops}, elementwise operations of one shape in one loop, as long as C2 can compile
 * it; {@code OrderUnits}, the order of the user’s loop where that is possible; {@code FuseRows}, loops over the same rows with
 * their reductions: a softmax is one.
 */
@NullMarked
package dev.clew.internal.compile.schedule;

import org.jspecify.annotations.NullMarked;
