package dev.clew.examples.resume;

import com.google.common.collect.Maps;
import dev.clew.nn.training.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What two runs have in common.
 *
 * @param equal for everything that is compared, whether it is equal to the bit
 */
record Comparison(Map<String, Boolean> equal) {
    private static final String SNAPSHOT = "training.safetensors";

    /** Of what two runs have left in their folders. */
    static Comparison of(Path one, Path other) throws IOException {
        Snapshot first = Snapshot.read(one.resolve(SNAPSHOT));
        Snapshot second = Snapshot.read(other.resolve(SNAPSHOT));
        Map<String, Boolean> equal = new LinkedHashMap<>();
        equal.put(first.parameters().size() + " parameters", first.parameters().equals(second.parameters()));
        equal.put(
                first.optimizer().size() + " arrays that Adam and its rate keep",
                first.optimizer().equals(second.optimizer()));
        equal.put(
                first.arrays().size() + " arrays of the best weights",
                Maps.difference(first.arrays(), second.arrays()).areEqual());
        equal.put("seed, step, epoch and batch", first.texts().equals(second.texts()));
        equal.put("the whole file", Files.mismatch(one.resolve(SNAPSHOT), other.resolve(SNAPSHOT)) < 0);
        for (String name : new String[] {"steps.csv", "epochs.csv"}) {
            var lines = StepLines.withoutTimes(one.resolve(name));
            equal.put(
                    lines.size() - 1 + " lines of " + name + " but for the times",
                    lines.equals(StepLines.withoutTimes(other.resolve(name))));
        }
        return new Comparison(equal);
    }

    boolean isEqual() {
        return !equal.containsValue(false);
    }

    @Override
    public String toString() {
        return equal.entrySet().stream()
                .map(each -> (each.getValue() ? "equal to the bit: " : "DIFFERENT: ") + each.getKey())
                .collect(Collectors.joining("\n"));
    }
}
