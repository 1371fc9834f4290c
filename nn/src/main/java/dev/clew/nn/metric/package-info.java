/**
 * How good a model is, over all batches of some data. {@link dev.clew.nn.metric.Metric} is the contract, {@link
 * dev.clew.nn.metric.Metrics} has the usual ones, and runs any of them over batches.
 */
@NullMarked
package dev.clew.nn.metric;

import org.jspecify.annotations.NullMarked;
