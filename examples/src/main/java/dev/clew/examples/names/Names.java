package dev.clew.examples.names;

import dev.clew.array.RandomKey;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.data.VocabularyChoice;
import dev.clew.nn.decode.Decoder;
import dev.clew.nn.decode.Sampler;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.EpochReport;
import dev.clew.nn.training.Snapshot;
import dev.clew.nn.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A character LSTM learns surnames of 41 locales, or the lines of a file, and invents new ones.
 *
 * <p>It is judged by names that it has not seen, in bits for a letter, beside a table of pairs of letters: it must know more than which letter
 * follows which. Names are drawn lazily, letter by letter, until it says that a name is at its end; those that it has learnt from are not
 * counted as invented.
 */
@Command(
        name = "names",
        mixinStandardHelpOptions = true,
        description = "A character LSTM learns surnames of 41 locales, and invents new ones.")
public final class Names implements Callable<Integer> {
    private static final int FEATURES = 32;
    private static final int BATCH = 128;
    private static final int SHOWN_IN_A_ROW = 5;
    private static final double LEARNT = 0.9;

    @Option(names = "--text", paramLabel = "FILE", description = "names to learn, one a line, instead of the surnames")
    private @Nullable Path text;

    @Option(names = "--units", defaultValue = "64", description = "units of the LSTM; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--epochs", defaultValue = "4", description = "passes over the names; default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(
            names = "--symbols",
            defaultValue = "200",
            description = "names of rarer letters are left out; default: ${DEFAULT-VALUE}")
    private int symbols;

    @Option(names = "--temperature", defaultValue = "0.8", description = "how bold it is; default: ${DEFAULT-VALUE}")
    private double temperature;

    @Option(names = "--top-k", defaultValue = "12", description = "letters it draws from; default: ${DEFAULT-VALUE}")
    private int topK;

    @Option(names = "--count", defaultValue = "20", description = "names to invent; default: ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--seed", defaultValue = "1", description = "seed of weights and draws; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--snapshot",
            paramLabel = "FILE",
            description = "where to keep what was learnt, for the example serve")
    private @Nullable Path snapshot;

    /** What is learnt and what is held back. */
    private record Data(Vocabulary letters, Set<String> names, Sequences learnt, Sequences held, double bitsOfPairs) {}

    @Override
    public Integer call() throws IOException {
        RandomKey key = RandomKey.of(seed);
        Data data = data(NameLists.all(Optional.ofNullable(text)), key.fold(0));
        System.out.printf(
                Locale.ROOT,
                "%d names of %d letters, such as %s%n",
                data.names.size(),
                data.letters.size(),
                data.names.stream().limit(SHOWN_IN_A_ROW).collect(Collectors.joining(", ")));
        Speller speller = Speller.create(data.letters.size(), FEATURES, units, key.fold(1));
        double bits = trained(speller, data);
        if (snapshot != null) {
            Snapshot.of(speller).with("vocabulary", data.letters.toText()).write(snapshot);
        }
        System.out.printf(
                Locale.ROOT,
                "bits for a letter of names not seen: %.3f; by a table of pairs of letters: %.3f%n",
                bits,
                data.bitsOfPairs);
        invented(speller, data, key.fold(2)).forEach(System.out::println);
        boolean isLearnt = bits < LEARNT * data.bitsOfPairs;
        System.out.println(isLearnt ? "" : "(MISSED)");
        return isLearnt ? 0 : 1;
    }

    private Data data(List<String> all, RandomKey key) {
        Vocabulary letters = VocabularyChoice.of(Vocabulary.Unit.CHARACTERS)
                .withMost(symbols)
                .with(Vocabulary.Token.START, Vocabulary.Token.END)
                .from(all);
        List<String> names = all.stream()
                .filter(name -> name.codePoints().allMatch(each -> letters.contains(Character.toString(each))))
                .toList();
        List<int[]> encoded = names.stream().map(letters::encodeWhole).toList();
        Sequences.Split split = Sequences.ofSymbols(encoded).split(key, 0.95);
        Pairs pairs = new Pairs(letters.size(), texts(split.first()));
        return new Data(
                letters,
                new LinkedHashSet<>(names),
                split.first().toNext().withLengths(3),
                split.rest().toNext().withLengths(1),
                pairs.bitsPerLetter(texts(split.rest())));
    }

    private static List<int[]> texts(Sequences sequences) {
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            texts.add(sequences.get(i).toInts());
        }
        return texts;
    }

    /** Bits for a letter of the names that are held back. */
    private double trained(Speller speller, Data data) {
        long steps = data.learnt.batches(BATCH).steps(epochs);
        Adam adam = Adam.of(speller, Schedule.oneCycle(steps, 0.01)).withClip(Clip.globalNorm(1));
        List<EpochReport> reports = new ArrayList<>();
        Ending<Speller> ending = Trainer.of(speller, adam, data.learnt.batches(BATCH), speller::loss)
                .epochs(epochs)
                .seed(seed)
                .onPlans()
                .validate(data.held.batches(BATCH), Metrics.bitsPerToken(speller::nats, Speller::count))
                .afterEpoch(reports::add)
                .start();
        ending.bestOrThrow(); // What else ended it is an error.
        return reports.getLast().metric("bits per token");
    }

    /** New names, lazily. */
    private Stream<String> invented(Speller speller, Data data, RandomKey key) {
        Decoder<Lstm.State> decoder = Decoder.of(speller::step);
        Sampler sampler = Sampler.create().withTemperature(temperature).withTopK(Math.min(topK, data.letters.size()));
        int start = data.letters.index(Vocabulary.Token.START);
        int end = data.letters.index(Vocabulary.Token.END);
        Decoder.Reading<Lstm.State> begun =
                decoder.read(new int[] {start}, speller.cell().start(1));
        return LongStream.iterate(0, number -> number + 1)
                .mapToObj(number -> data.letters.decode(decoder.write(begun, sampler, key.fold(number))
                        .mapToInt(Decoder.Drawn::token)
                        .takeWhile(token -> token != end)
                        .limit(NameLists.LONGEST)
                        .toArray()))
                .filter(name -> !data.names.contains(name))
                .limit(count);
    }
}
