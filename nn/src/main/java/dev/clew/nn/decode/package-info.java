/**
 * Sequences out of a trained model. {@link dev.clew.nn.decode.Decoder} runs any step function token by token, the state being a value;
 * {@link dev.clew.nn.decode.JoinedStep} is one for many callers at once; {@link dev.clew.nn.decode.Sampler} draws the next token, {@link
 * dev.clew.nn.decode.BeamSearch} looks for the most probable sequences, and {@link dev.clew.nn.decode.CtcDecoder} for the labels in the
 * outputs of a net that was trained with {@code Ctc}.
 *
 * {@snippet lang=java :
 * Decoder<Tensor> decoder = Decoder.of((tokens, state) -> model.step(tokens, state)); // logits, and the next state
 * var read = decoder.read(new int[] {start}, model.cell().start(1));
 * List<Hypothesis> best = BeamSearch.of(4, 10).withEnd(end).search(decoder, read); // 4 wide, up to 10 tokens
 * }
 */
@NullMarked
package dev.clew.nn.decode;

import org.jspecify.annotations.NullMarked;
