package dev.clew.examples.names;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.CsvFile;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.data.Table;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.data.VocabularyChoice;
import dev.clew.nn.layer.Dropout;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.metric.Metric;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Tells where a name is from: a GRU reads it from both ends, and a layer scores the origins. Lengths differ, so batches are padded to a few;
 * what stands in the padding changes nothing.
 */
@Command(
        name = "origin",
        mixinStandardHelpOptions = true,
        description = "Tells where a name is from, and shows which origins are taken for which.")
public final class Origin implements Callable<Integer> {
    private static final int FEATURES = 24;
    private static final int BATCH = 64;
    private static final double RATE = 0.2;
    private static final String METRIC = "accuracy";
    /** Those with many names, some of them hard to tell apart; all 41 with {@code --all}. */
    private static final List<String> SOME =
            List.of("cs-cz", "de", "en", "es", "he", "ja", "nl", "no-no", "pl", "ru", "sk", "sv");

    /** One origin must not be nearly all. */
    private static final int MOST = 500;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "CSV with the columns origin and name, instead of surnames")
    private @Nullable Path text;

    @Option(names = "--all", description = "all 41 locales of the surnames, instead of twelve")
    private boolean all;

    @Option(names = "--units", defaultValue = "64", description = "units of each GRU; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--epochs", defaultValue = "9", description = "passes over the names; default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--seed", defaultValue = "1", description = "seed of weights and draws; default: ${DEFAULT-VALUE}")
    private long seed;

    /** A network of two GRUs. */
    record Model(Embedding letters, Gru forward, Gru backward, Linear head) {
        static Model create(int symbols, int units, int origins, RandomKey key) {
            return new Model(
                    Embedding.create(symbols, FEATURES, DType.F32, key.fold(0)),
                    Gru.create(FEATURES, units, DType.F32, key.fold(1)),
                    Gru.create(FEATURES, units, DType.F32, key.fold(2)),
                    Linear.create(2 * units, origins, DType.F32, key.fold(3)));
        }

        private Tensor read(Sequences.Batch batch) {
            var both = Run.bothWays(forward, backward, letters.of(batch.x()), batch.lengths());
            return Tensor.concat(
                    -1, List.of(both.forward().last(), both.backward().last()));
        }

        /** Shapes: (batch, origins). */
        Tensor scores(Sequences.Batch batch) {
            return head.of(read(batch));
        }

        Tensor loss(Sequences.Batch batch, Tensor key) {
            Tensor scores = head.of(Dropout.dropout(read(batch), RATE, key));
            return CrossEntropy.create().withIgnored(-1).of(scores, batch.targets());
        }
    }

    @Override
    public Integer call() {
        Map<String, List<String>> lists = lists();
        List<String> origins = List.copyOf(lists.keySet());
        List<String> names = lists.values().stream().flatMap(List::stream).toList();
        Vocabulary letters = VocabularyChoice.of(Vocabulary.Unit.CHARACTERS)
                .withMost(300)
                .with(Vocabulary.Token.UNKNOWN)
                .from(names);
        RandomKey key = RandomKey.of(seed);
        Sequences.Split split = sequences(lists, letters).split(key.fold(0), 0.8);
        Sequences learnt = split.first().withLengths(3);
        Sequences held = split.rest().withLengths(1);
        Model model = Model.create(letters.size(), units, origins.size(), key.fold(1));
        long steps = learnt.batches(BATCH).steps(epochs);
        Metric<Sequences.Batch> confusion = Metrics.confusion(model::scores, Sequences.Batch::targets, origins);
        Ending<Model> ending = Trainer.of(
                        model, Adam.of(model, Schedule.oneCycle(steps, 0.01)), learnt.batches(BATCH), model::loss)
                .epochs(epochs)
                .seed(seed)
                .onPlans()
                .validate(held.batches(BATCH), Metrics.accuracy(model::scores, Sequences.Batch::targets))
                .start();
        ending.bestOrThrow(); // What else ended it is an error.
        Metric.Tally tally =
                Metrics.tallies(held.batches(BATCH, key, 0), List.of(confusion)).get(confusion.name());
        return told(lists, Objects.requireNonNull(tally), names.size());
    }

    private int told(Map<String, List<String>> lists, Metric.Tally tally, int count) {
        int most = lists.values().stream().mapToInt(List::size).max().orElseThrow();
        double usual = (double) most / count;
        System.out.println(tally.text());
        System.out.printf(
                Locale.ROOT,
                "%s of names not seen: %.3f; of always saying the most frequent origin: %.3f%n",
                METRIC,
                tally.value(),
                usual);
        boolean isLearnt = tally.value() > (1 + usual) / 2; // Half of what that does not know, at least.
        System.out.println(isLearnt ? "" : "(MISSED)");
        return isLearnt ? 0 : 1;
    }

    private Map<String, List<String>> lists() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        if (text != null) {
            Table table = CsvFile.of(text).read().present("origin", "name");
            List<String> names = table.text("name");
            List<String> origins = table.text("origin");
            for (int i = 0; i < names.size(); i++) {
                lists.computeIfAbsent(origins.get(i), _ -> new ArrayList<>()).add(names.get(i));
            }
            return lists;
        }
        NameLists.byOrigin().forEach((locale, names) -> {
            if (all || SOME.contains(locale)) {
                int[] order = RandomKey.of(seed).permutation(names.size()).toInts();
                lists.put(
                        locale,
                        Arrays.stream(order).limit(MOST).mapToObj(names::get).toList());
            }
        });
        return lists;
    }

    private static Sequences sequences(Map<String, List<String>> lists, Vocabulary letters) {
        List<NDArray> texts = new ArrayList<>();
        List<NDArray> labels = new ArrayList<>();
        int label = 0;
        for (List<String> names : lists.values()) {
            for (String name : names) {
                texts.add(NDArray.of(letters.encode(name)));
                labels.add(NDArray.of(label));
            }
            label++;
        }
        return Sequences.of(texts, labels);
    }
}
