/**
 * What models are tried on: tasks that are generated from a key ({@link dev.clew.nn.dataset.SequenceTask} and all that implement it), each
 * as its paper has it, and {@link dev.clew.nn.dataset.Surnames} of many languages.
 */
@NullMarked
package dev.clew.nn.dataset;

import org.jspecify.annotations.NullMarked;
