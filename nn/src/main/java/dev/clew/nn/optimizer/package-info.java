/**
 * Optimizers: the update of the parameters is a graph too, evaluated together with the loss. An {@link dev.clew.nn.optimizer.Optimizer} is
 * a chain of {@link dev.clew.nn.optimizer.Transform parts}, {@link dev.clew.nn.optimizer.Clip}, {@link dev.clew.nn.optimizer.Momentum}, {@link
 * dev.clew.nn.optimizer.WeightDecay}, {@link dev.clew.nn.optimizer.Scale} or a user's own, whose moves are multiplied by a rate that may follow a {@link
 * dev.clew.nn.optimizer.Schedule}; {@link dev.clew.nn.optimizer.Sgd}, {@link dev.clew.nn.optimizer.Adam} and others are ready-made.
 * {@link dev.clew.nn.optimizer.Lbfgs} alone is no chain: it evaluates the loss several times in a step.
 *
 * {@snippet lang=java :
 * var adam = Adam.of(model, Schedule.cosine(100, 0.1, 0)).withClip(Clip.globalNorm(1));
 * double first = adam.step(loss).loss(); // gradient, clipping and update in one plan; the loss is from before it
 * for (int step = 1; step < 100; step++) {
 *     adam.step(loss);
 * }
 * IO.println(loss.item() < first / 100); // true
 * }
 */
@NullMarked
package dev.clew.nn.optimizer;

import org.jspecify.annotations.NullMarked;
