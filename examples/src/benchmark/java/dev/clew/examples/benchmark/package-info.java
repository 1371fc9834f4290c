/**
 * Benchmarks: training steps of {@link dev.clew.examples.benchmark.job jobs} by engines that take turns in one run, the losses
 * of these steps compared, and the start of a process.
 */
@NullMarked
package dev.clew.examples.benchmark;

import org.jspecify.annotations.NullMarked;
