package dev.clew.examples.serve;

import dev.clew.array.RandomKey;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.Iterator;

/**
 * Where a conversation stands: a value.
 *
 * @param model its name
 * @param state after all that the model has read, numbers
 * @param unread what it has written last, and reads before anything else; at the beginning the mark of the start
 * @param key of what it draws next
 */
record Conversation(String model, Lstm.State state, int unread, RandomKey key) {
    /** What a heap has of one beside its numbers, about. */
    private static final int OBJECTS = 1024;

    static Conversation begin(Served model, RandomKey key) {
        return new Conversation(model.name(), model.start(), model.first(), key);
    }

    /**
     * What was written, and where the conversation stands then.
     *
     * @param isEnded whether a name has come to its end; the next letter is the first of another one
     */
    record Turn(String text, boolean isEnded, Conversation next) {}

    /** Reads, and then writes until a name is at its end or there are as many letters as are wanted. */
    Turn go(Served model, Request request) {
        Decoder<Lstm.State> decoder = model.decoder();
        Decoder.Reading<Lstm.State> reading = decoder.read(model.read(unread, request.text()), state);
        Iterator<Decoder.Drawn<Lstm.State>> writing =
                decoder.write(reading, model.sampler(request), key).iterator();
        StringBuilder text = new StringBuilder();
        Decoder.Drawn<Lstm.State> drawn = writing.next();
        for (int count = 1; drawn.token() != model.end() && count < request.letters(); count++) {
            text.append(model.letters().decode(drawn.token()));
            drawn = writing.next();
        }
        if (drawn.token() == model.end()) {
            return new Turn(text.toString(), true, begin(model, drawn.key()));
        }
        text.append(model.letters().decode(drawn.token()));
        return new Turn(
                text.toString(), false, new Conversation(this.model, drawn.state(), drawn.token(), drawn.key()));
    }

    /** What it takes of the heap, about. */
    long bytes() {
        long bytes = OBJECTS;
        for (Tensor part : States.tensors(state)) {
            bytes += (long) part.shape().elements() * part.dtype().bytes();
        }
        return bytes;
    }
}
