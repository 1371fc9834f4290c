package dev.clew.examples.serve;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.examples.names.Speller;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.decode.JoinedStep;
import dev.clew.nn.decode.Sampler;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.training.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A model that is served. Of all this nothing changes, and all of it is shared.
 *
 * @param name by which requests call it
 * @param letters it knows
 * @param step that joins those who wait for it at the same time
 */
record Served(
        String name, Vocabulary letters, Speller speller, JoinedStep<Lstm.State> step, Decoder<Lstm.State> decoder) {
    static final String VOCABULARY = "vocabulary";

    static Served of(String name, Vocabulary letters, Speller speller) {
        JoinedStep<Lstm.State> step =
                JoinedStep.of(speller::step, speller.cell().start(1));
        return new Served(name, letters, speller, step, Decoder.of(step));
    }

    /**
     * The model of a snapshot with a vocabulary.
     *
     * @throws IllegalArgumentException if it is of another model
     */
    static Served read(String name, Path file) throws IOException {
        Snapshot snapshot = Snapshot.read(file);
        Vocabulary letters = Vocabulary.of(snapshot.text(VOCABULARY));
        int features = length(snapshot, file, "letters.table", 1);
        int units = length(snapshot, file, "cell.wh", 0);
        Speller speller = Speller.create(letters.size(), features, units, RandomKey.of(0));
        snapshot.load(speller);
        return of(name, letters, speller);
    }

    private static int length(Snapshot snapshot, Path file, String parameter, int axis) {
        NDArray found = snapshot.parameters().get(parameter);
        if (found == null || found.shape().rank() != 2) {
            throw new IllegalArgumentException("serve " + file + ": it has no matrix '" + parameter
                    + "', which the model of the example names has; its parameters are "
                    + snapshot.parameters().keySet() + "; write one with names --snapshot FILE");
        }
        return found.shape().length(axis);
    }

    Lstm.State start() {
        return speller.cell().start(1);
    }

    int first() {
        return letters.index(Vocabulary.Token.START);
    }

    int end() {
        return letters.index(Vocabulary.Token.END);
    }

    /** The numbers to read: what was not read before, and a text. */
    int[] read(int unread, String text) {
        try {
            int[] encoded = letters.encode(text);
            int[] all = new int[encoded.length + 1];
            all[0] = unread;
            System.arraycopy(encoded, 0, all, 1, encoded.length);
            return all;
        } catch (IllegalArgumentException unknown) {
            throw new WrongRequest(
                    WrongRequest.BAD,
                    "a text of " + text.length() + " characters",
                    "the model '" + name + "' knows each of its letters; " + unknown.getMessage(),
                    "leave the letter out; GET /models lists those that there are");
        }
    }

    /** Of no more letters than there are. */
    Sampler sampler(Request request) {
        OptionalInt topK = request.sampler().topK();
        return topK.isPresent() && topK.getAsInt() > letters.size()
                ? request.sampler().withTopK(letters.size())
                : request.sampler();
    }
}
