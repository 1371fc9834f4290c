/**
 * What is learnt from: {@link dev.clew.nn.data.Batches}, a function of key, epoch and step; {@link dev.clew.nn.data.Sequences} of
 * different lengths in batches of a few.
 */
@NullMarked
package dev.clew.nn.data;

import org.jspecify.annotations.NullMarked;
