/**
 * What every stage must leave behind. No pass has a hand in these rules, so none can bend them.
 *
 * <p><b>In:</b> what a stage has left. <b>Out:</b> nothing, or an {@code IllegalStateException} that names the stage, the node or
 * the record, and the rule. It is done with assertions on or with {@code -Dclew.verify=true}, and costs nothing else; {@code Stage}
 * says which rules belong to which stage.
 *
 * <p><b>Read</b> {@code Verify}, programs and schedules; {@code VerifyMemory}, that no place is two values’ at a time; {@code
 * VerifyWritten}, that nothing is read which nobody has written; {@code VerifyOverlay}, the same for blocks that lie upon others.
 */
@NullMarked
package dev.clew.internal.compile.verify;

import org.jspecify.annotations.NullMarked;
