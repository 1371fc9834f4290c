/**
 * The back room of {@code dev.clew.array}: what the rest of the library needs of arrays and users do not see. The two packages are
 * one room in the order of the house: arrays call what stands here, and what stands here knows arrays.
 *
 * <p><b>Read</b> {@code BlockSum}, the one order in which long sums are added, whoever adds them; {@code Transfer}, arrays to and
 * from native memory, with strides; {@code ElementBytes}, arrays to and from the bytes of others, of either order; {@code Pieces}, an
 * array of others; {@code ArrayAccess}, the way to their storage; and {@code Present}, which refuses null by the name of what was called.
 */
@NullMarked
package dev.clew.internal.array;

import org.jspecify.annotations.NullMarked;
