/** What is trained in the benchmarks: naive loops over time, and the data and weights that every engine is given. */
@NullMarked
package dev.clew.examples.benchmark.job;

import org.jspecify.annotations.NullMarked;
