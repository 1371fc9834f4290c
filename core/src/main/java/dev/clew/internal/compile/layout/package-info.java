/**
 * Where values lie in memory.
 *
 * <p><b>In:</b> a {@code Program}, and later the records that {@code emit} makes of it. <b>Out:</b> a {@code Placement} of every
 * value in a block, and for every block its place in one memory.
 *
 * <p>The idea: joining and cutting cost nothing if parts are computed where the whole will be. So every value is a {@code
 * MemoryView} of a {@code MemoryBlock}, by offset and strides; reshapes, transposes, slices and repetitions are other views. Blocks
 * get their places last: those that are never in use at the same time may share, and one may lie upon another that is still in use,
 * if every element is written only after the element beneath was used for the last time.
 *
 * <p><b>Read</b> {@code MemoryBlock} and {@code MemoryView}; {@code Placement} and {@code PlaceValues}, the pass; {@code LoopNest},
 * loops over several views; {@code RecordDraft}, a record before its blocks have places; {@code WindowCoverage}, what windows have
 * covered of an array; {@code ElementRuns}, which elements of a block are meant; then {@code OverlayBlocks} and {@code
 * ArrangeBlocks}, the passes after {@code emit}.
 */
@NullMarked
package dev.clew.internal.compile.layout;

import org.jspecify.annotations.NullMarked;
