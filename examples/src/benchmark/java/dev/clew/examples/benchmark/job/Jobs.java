package dev.clew.examples.benchmark.job;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.nn.loss.Reduce;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The jobs by name, at full size and at a size that any engine does in a moment. */
public final class Jobs {
    private Jobs() {}

    /** The first job: the alphabet. */
    public static Job alphabet() {
        return new CharacterRnn("A", Text.ALPHABET, 26, 128, 26, 1, DType.F64, Reduce.SUM, 0.01);
    }

    /** What the tables show. */
    public static Map<String, Job> full() {
        return named(
                alphabet(),
                new CharacterRnn("B", Text.RANDOM, 65, 256, 64, 32, DType.F32, Reduce.MEAN, 0.5),
                new Lstm("C", false, 128, 512, 10, 64, 64, DType.F32, 0.5),
                new Lstm("C-merged", true, 128, 512, 10, 64, 64, DType.F32, 0.5),
                new MinimalGatedUnit("D", 64, 128, 10, 50, 16, DType.F32, 0.1),
                new CharacterRnn("E", Text.HELLO, 4, 8, 4, 1, DType.F64, Reduce.SUM, 0.1),
                new Gru("F", 64, 256, 10, 10, 64, 32, DType.F32, 0.1),
                new CharacterRnn("G", Text.RANDOM, 65, 256, 2000, 64, DType.F32, Reduce.MEAN, 0.5),
                new LayerRun("H-lstm", LayerRun.Kind.LSTM, 64, 128, 10, 50, 16, DType.F32, 0.5),
                new LayerRun("H-gru", LayerRun.Kind.GRU, 64, 128, 10, 50, 16, DType.F32, 0.5),
                new LayerRun("H-own", LayerRun.Kind.SURPRISE, 64, 128, 10, 50, 16, DType.F32, 0.1));
    }

    /** The same networks, small, with the same names. */
    public static Map<String, Job> small() {
        return named(
                new CharacterRnn("A", Text.ALPHABET, 26, 32, 26, 1, DType.F64, Reduce.SUM, 0.01),
                new CharacterRnn("B", Text.RANDOM, 17, 32, 16, 4, DType.F32, Reduce.MEAN, 0.5),
                new Lstm("C", false, 12, 24, 10, 16, 4, DType.F32, 0.5),
                new Lstm("C-merged", true, 12, 24, 10, 16, 4, DType.F32, 0.5),
                new MinimalGatedUnit("D", 12, 24, 10, 16, 4, DType.F32, 0.1),
                new CharacterRnn("E", Text.HELLO, 4, 8, 4, 1, DType.F64, Reduce.SUM, 0.1),
                new Gru("F", 12, 24, 10, 4, 16, 4, DType.F32, 0.1),
                new CharacterRnn("G", Text.RANDOM, 17, 32, 100, 4, DType.F32, Reduce.MEAN, 0.5),
                new LayerRun("H-lstm", LayerRun.Kind.LSTM, 12, 24, 10, 16, 4, DType.F32, 0.5),
                new LayerRun("H-gru", LayerRun.Kind.GRU, 12, 24, 10, 16, 4, DType.F32, 0.5),
                new LayerRun("H-own", LayerRun.Kind.SURPRISE, 12, 24, 10, 16, 4, DType.F32, 0.1));
    }

    /** Those of a table that are named, in the order of the names. */
    public static List<Job> chosen(Map<String, Job> table, List<String> names) {
        return names.stream()
                .map(name -> {
                    Job job = table.get(name);
                    if (job == null) {
                        throw new IllegalArgumentException(
                                "there is no job '" + name + "'; the jobs are: " + String.join(", ", table.keySet()));
                    }
                    return job;
                })
                .toList();
    }

    private static Map<String, Job> named(Job... jobs) {
        return Stream.of(jobs).collect(ImmutableMap.toImmutableMap(Job::name, job -> job));
    }
}
