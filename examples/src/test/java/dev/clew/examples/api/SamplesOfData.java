package dev.clew.examples.api;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.CsvFile;
import dev.clew.nn.data.JsonLines;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.data.Table;
import dev.clew.nn.data.Vocabulary;
import dev.clew.nn.data.VocabularyChoice;
import dev.clew.nn.dataset.AddingProblem;
import dev.clew.nn.dataset.AssociativeRecall;
import dev.clew.nn.dataset.BitParity;
import dev.clew.nn.dataset.CopyMemory;
import dev.clew.nn.dataset.DyckLanguage;
import dev.clew.nn.dataset.FlipFlop;
import dev.clew.nn.dataset.IrregularSine;
import dev.clew.nn.dataset.Lorenz;
import dev.clew.nn.dataset.ModularArithmetic;
import dev.clew.nn.dataset.MultiQueryRecall;
import dev.clew.nn.dataset.PermutationProducts;
import dev.clew.nn.dataset.SequenceTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Something of every type of what is learnt from. */
final class SamplesOfData {
    private SamplesOfData() {}

    static Map<Class<?>, Object> values() {
        Map<Class<?>, Object> values = new LinkedHashMap<>();
        Sequences sequences = Sequences.of(List.of(NDArray.of(new double[] {1, 2}), NDArray.of(new double[] {3})));
        SequenceTask task = new AddingProblem(4);
        for (Object each : List.of(
                sequences,
                sequences.batch(0),
                sequences.split(RandomKey.of(1), 0.5),
                Vocabulary.ofBytes(),
                Vocabulary.Unit.WORDS,
                Vocabulary.Token.END,
                VocabularyChoice.of(Vocabulary.Unit.WORDS),
                task,
                task.one(RandomKey.of(1)),
                task.batches(2, 1).of(RandomKey.of(1), 0).findFirst().orElseThrow(),
                new AssociativeRecall(4, 2, 2),
                new BitParity(4),
                CopyMemory.of(3),
                new DyckLanguage(2, 2, 4),
                new FlipFlop(4, 0.5),
                new IrregularSine(4),
                new Lorenz(4, 0.02),
                new ModularArithmetic(5, 5),
                new MultiQueryRecall(16, 2, 8, 0.01),
                PermutationProducts.ofFive(4))) {
            values.put(each.getClass(), each);
        }
        NDArray rows = NDArray.of(new double[][] {{1, 2}, {3, 4}});
        Batches<Batches.Rows> batches = Batches.of(rows, rows, 2);
        values.put(Batches.class, batches);
        values.put(
                Batches.Rows.class, batches.of(RandomKey.of(1), 0).findFirst().orElseThrow());
        values.put(Batches.Generator.class, (Batches.Generator<Object>) (key, _, _) -> key);
        values.put(Batches.Epochs.class, (Batches.Epochs<Object>) (key, _) -> Stream.of(key));
        values.put(SequenceTask.class, task);
        values.put(char.class, ',');
        ofFiles(values);
        return values;
    }

    private static void ofFiles(Map<Class<?>, Object> values) {
        try {
            Path file = Files.createTempFile("sample", ".txt");
            CsvFile csv = CsvFile.of(Files.writeString(file, "w\n1\n"));
            values.put(Path.class, file);
            values.put(CsvFile.class, csv);
            values.put(Table.class, csv.read());
            values.put(JsonLines.class, JsonLines.read(Files.writeString(file, "{\"w\": 1}\n")));
            Files.delete(file);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
