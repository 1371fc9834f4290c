package dev.clew.examples.serve;

import dev.clew.array.RandomKey;
import dev.clew.examples.names.Speller;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.Snapshot;
import dev.clew.nn.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Small models, taught in seconds: enough that what they write follows from what they have read. */
final class SmallModels {
    private static final int FEATURES = 24;
    private static final int UNITS = 64;
    private static final int BATCH = 32;
    private static final int STEPS = 120;
    private static final int LONGEST = 16;

    private SmallModels() {}

    /** Teaches a model what countries are called in a language, which the JDK knows, and writes it to a file. */
    static void write(String language, Path file) throws IOException {
        Locale locale = Locale.of(language);
        List<String> names = Arrays.stream(Locale.getISOCountries())
                .map(country -> Locale.of("", country).getDisplayCountry(locale))
                .filter(name -> name.codePointCount(0, name.length()) <= LONGEST)
                .distinct()
                .toList();
        Vocabulary letters = Vocabulary.ofCharacters(names, Vocabulary.Token.START, Vocabulary.Token.END);
        Sequences sequences = Sequences.ofSymbols(
                        names.stream().map(letters::encodeWhole).toList())
                .toNext()
                .withLengths(1);
        Speller speller = Speller.create(letters.size(), FEATURES, UNITS, RandomKey.of(1));
        Adam adam = Adam.of(speller, Schedule.oneCycle(STEPS, 0.02)).withClip(Clip.globalNorm(1));
        Ending<Speller> ending = Trainer.of(speller, adam, sequences.batches(BATCH), speller::loss)
                .steps(STEPS)
                .onPlans()
                .quietly()
                .start();
        if (!(ending instanceof Ending.Finished<Speller>)) {
            throw new ArithmeticException("serve: " + ending);
        }
        Snapshot.of(speller).with(Served.VOCABULARY, letters.toText()).write(file);
    }
}
