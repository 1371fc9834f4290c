package dev.clew.examples.serve;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.examples.names.Speller;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.OptionalInt;

/** Random models, sharp enough that what they write depends on all they have read. */
final class SharpModels {
    static final Vocabulary LETTERS =
            Vocabulary.ofCharacters(List.of("abcdefghijklmnop"), Vocabulary.Token.START, Vocabulary.Token.END);

    private SharpModels() {}

    static Speller speller(long seed) {
        RandomKey key = RandomKey.of(seed);
        return new Speller(
                new Embedding(
                        Parameter.of(key.fold(0).normal(0, 1.5, DType.F32, Shape.of(LETTERS.size(), 6))),
                        OptionalInt.empty()),
                Lstm.create(6, 8, DType.F32, key.fold(1)),
                new Linear(
                        Parameter.of(key.fold(2).normal(0, 3, DType.F32, Shape.of(8, LETTERS.size()))),
                        Parameter.of(new float[LETTERS.size()])));
    }

    static Served served(String name, long seed) {
        return Served.of(name, LETTERS, speller(seed));
    }
}
