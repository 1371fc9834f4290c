/**
 * What is learnt from. {@link dev.clew.nn.data.Batches} is a function of key, epoch and step; {@link dev.clew.nn.data.Sequences} of
 * different lengths come in batches of a few. Files become texts ({@link dev.clew.nn.data.Lines}), columns ({@link
 * dev.clew.nn.data.CsvFile}, {@link dev.clew.nn.data.Table}) or fields ({@link dev.clew.nn.data.JsonLines}), and name the line that is
 * wrong; texts become numbers by a {@link dev.clew.nn.data.Vocabulary}.
 *
 * {@snippet lang=java :
 * Vocabulary letters = Vocabulary.ofCharacters(names, Vocabulary.Token.START, Vocabulary.Token.END);
 * var sequences = Sequences.ofSymbols(names.stream().map(letters::encodeWhole).toList()).toNext();
 * Sequences.Batch batch = sequences.batches(2).of(key, 0).findFirst().orElseThrow();
 * IO.println(batch.x().shape()); // (2, 4)
 * IO.println(batch.targets().shape()); // (2, 4)
 * }
 */
@NullMarked
package dev.clew.nn.data;

import org.jspecify.annotations.NullMarked;
