/**
 * Training that goes on for long: {@link dev.clew.nn.training.Trainer} makes steps of batches, judges, shows itself, saves, stops and goes
 * on. All of it can be had in a plain loop too, of the same parts: {@code optimizer.step(loss)}, {@code batches.from(key, epoch, 0)},
 * {@code Metrics.over(...)}, {@link dev.clew.nn.training.Snapshot}, {@link dev.clew.nn.training.Display}.
 *
 * {@snippet lang=java :
 * for (int epoch = 0; epoch < 20; epoch++) {
 *     batches.of(key, epoch).forEach(batch -> adam.step(model.loss(batch)));
 * }
 * IO.println(Metrics.over(held, Metrics.accuracy(model::scores, Batches.Rows::y))); // {accuracy=1.0}
 * Snapshot.of(model, adam).write(Path.of("model.safetensors"));
 * }
 */
@NullMarked
package dev.clew.nn.training;

import org.jspecify.annotations.NullMarked;
