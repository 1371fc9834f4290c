/**
 * Records that go over memory without computing much: moving, filling, choosing and scattering elements, and recurrences.
 *
 * <p><b>In:</b> a {@code Sweep}, a nest of loops in which up to three places move. <b>Out:</b> an {@code Instruction}. The
 * innermost loop is a row, copied or looked up as a whole where that is possible.
 *
 * <p><b>Read</b> {@code Sweep}; {@code MoveElements}, {@code Fill}; {@code Choice} with {@code Gather}, {@code MarkChosen}
 * (one-hot) and {@code Scatter}, which adds in blocks of indices ({@code ScatterWorker}, {@code ScatterBlock}); {@code Largest};
 * {@code Recurrence}.
 */
@NullMarked
package dev.clew.internal.runtime.sweep;

import org.jspecify.annotations.NullMarked;
