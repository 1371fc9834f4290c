/**
 * Training that goes on for long: {@link dev.clew.nn.training.Trainer} makes steps of batches, judges, shows itself, saves, stops and goes
 * on. All of it can be had in a plain loop too, of the same parts: {@code optimizer.step(loss)}, {@code batches.from(key, epoch, 0)},
 * {@code Metrics.over(...)}, {@link dev.clew.nn.training.Snapshot}, {@link dev.clew.nn.training.Display}.
 */
@NullMarked
package dev.clew.nn.training;

import org.jspecify.annotations.NullMarked;
