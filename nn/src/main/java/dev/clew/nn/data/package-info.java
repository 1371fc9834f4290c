/**
 * What is learnt from: {@link dev.clew.nn.data.Batches}, a function of key, epoch and step.
 */
@NullMarked
package dev.clew.nn.data;

import org.jspecify.annotations.NullMarked;
