package dev.clew.examples.serve;

import dev.clew.array.RandomKey;
import dev.clew.examples.names.Speller;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.decode.Sampler;
import dev.clew.nn.layer.Lstm;
import java.util.ArrayList;
import java.util.List;

/** What a model writes in a conversation when nobody else is there: with no server, no joining and no states that are kept. */
final class Alone {
    private final Vocabulary letters;
    private final Speller speller;
    private final Decoder<Lstm.State> decoder;

    Alone(Served model) {
        this.letters = model.letters();
        this.speller = model.speller();
        this.decoder = Decoder.of(speller::step);
    }

    /** The answers to all parts. */
    List<String> hold(Clients.Talk talk) {
        int end = letters.index(Vocabulary.Token.END);
        List<String> texts = new ArrayList<>();
        Lstm.State state = speller.cell().start(1);
        int last = letters.index(Vocabulary.Token.START);
        RandomKey key = RandomKey.of(talk.seed());
        for (Clients.Part part : talk.parts()) {
            Decoder.Reading<Lstm.State> reading = decoder.read(new int[] {last}, state);
            for (int letter : letters.encode(part.text())) {
                reading = decoder.read(new int[] {letter}, reading.state());
            }
            StringBuilder text = new StringBuilder();
            for (int count = 0; count < part.letters(); count++) {
                last = Sampler.create().draw(reading.logits(), key.fold(0)).toInts()[0];
                state = reading.state();
                key = key.fold(1);
                if (last == end) {
                    state = speller.cell().start(1);
                    last = letters.index(Vocabulary.Token.START);
                    break;
                }
                text.append(letters.decode(last));
                if (count + 1 < part.letters()) {
                    reading = decoder.read(new int[] {last}, state);
                }
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
