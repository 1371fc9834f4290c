/** What the records of a plan call: products, fused kernels, workers. */
@NullMarked
package dev.clew.runtime;

import org.jspecify.annotations.NullMarked;
