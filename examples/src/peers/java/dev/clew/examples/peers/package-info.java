/** The jobs of the benchmarks in other frameworks: the same loops, weights and data. */
@NullMarked
package dev.clew.examples.peers;

import org.jspecify.annotations.NullMarked;
