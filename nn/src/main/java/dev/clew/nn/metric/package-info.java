/**
 * How good a model is, over all batches of some data. {@link dev.clew.nn.metric.Metric} is the contract, {@link
 * dev.clew.nn.metric.Metrics} has the usual ones, and runs any of them over batches.
 *
 * {@snippet lang=java :
 * Map<String, Double> figures = Metrics.over(batches, Metrics.accuracy(Batches.Rows::x, Batches.Rows::y));
 * IO.println(figures); // {accuracy=0.75}
 * }
 */
@NullMarked
package dev.clew.nn.metric;

import org.jspecify.annotations.NullMarked;
