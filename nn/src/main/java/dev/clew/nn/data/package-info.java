/**
 * What is learnt from. {@link dev.clew.nn.data.Batches} is a function of key, epoch and step; {@link dev.clew.nn.data.Sequences} of
 * different lengths come in batches of a few. Files become texts ({@link dev.clew.nn.data.Lines}), columns ({@link
 * dev.clew.nn.data.CsvFile}, {@link dev.clew.nn.data.Table}) or fields ({@link dev.clew.nn.data.JsonLines}), and name the line that is
 * wrong; texts become numbers by a {@link dev.clew.nn.data.Vocabulary}.
 */
@NullMarked
package dev.clew.nn.data;

import org.jspecify.annotations.NullMarked;
