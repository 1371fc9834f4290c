/**
 * Recurrences of the last years, each as a record of its parameters with one step, as the paper writes it.
 *
 * <p>{@link dev.clew.examples.recurrence.MinGru}, {@link dev.clew.examples.recurrence.MinLstm}, {@link
 * dev.clew.examples.recurrence.Lru}, {@link dev.clew.examples.recurrence.RgLru} and {@link dev.clew.examples.recurrence.Mamba} keep a
 * number or a few for every unit, and are linear in them: a run is one scan. {@link dev.clew.examples.recurrence.SLstm} and {@link
 * dev.clew.examples.recurrence.ClosedFormContinuous} have gates that look back. {@link dev.clew.examples.recurrence.MLstm}, {@link
 * dev.clew.examples.recurrence.GatedLinearAttention}, {@link dev.clew.examples.recurrence.GatedDeltaNet}, {@link
 * dev.clew.examples.recurrence.Rwkv7} keep a matrix, and {@link dev.clew.examples.recurrence.TestTimeTraining} and {@link
 * dev.clew.examples.recurrence.Titans} train it by a gradient within the step. {@link
 * dev.clew.examples.recurrence.LeakyIntegrateAndFire} has a derivative that is not that of its value, and {@link
 * dev.clew.examples.recurrence.Equilibrium} a step that is an equation. {@link
 * dev.clew.examples.recurrence.Family} makes them by name.
 *
 * <p>All are cells for {@link dev.clew.nn.sequence.Run}, with lengths, directions and stacks, and none has a gradient of its own. The tests
 * beside hold gradients by hand, and the parallel forms of the papers.
 */
@NullMarked
package dev.clew.examples.recurrence;

import org.jspecify.annotations.NullMarked;
