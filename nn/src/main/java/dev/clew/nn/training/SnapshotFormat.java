package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a snapshot is a safetensors file: what it says of itself is among the texts, under names that begin with {@code clew.} */
final class SnapshotFormat {
    /** What this version writes, and the newest that it reads. */
    static final int VERSION = 1;

    /** The names of texts that are the format's own begin so. */
    static final String OWN = "clew.";

    private static final String FORMAT = OWN + "format";
    private static final String CHECKSUM = OWN + "crc32c";
    static final String SUMMARY = OWN + "summary";

    private SnapshotFormat() {}

    /** The texts of a file with these arrays and texts. */
    static ImmutableMap<String, String> metadata(Map<String, NDArray> arrays, Map<String, String> texts) {
        Map<String, String> all = new LinkedHashMap<>(texts);
        all.put(FORMAT, Integer.toString(VERSION));
        all.put(CHECKSUM, Checksum.of(arrays, all));
        return ImmutableMap.copyOf(all);
    }

    static boolean isSnapshot(Safetensors open) {
        return open.metadata().containsKey(FORMAT);
    }

    static Snapshot read(Path file, Safetensors open) throws IOException {
        requireVersion(file, open.metadata().get(FORMAT));
        Map<String, String> texts = new LinkedHashMap<>(open.metadata());
        String expected = texts.remove(CHECKSUM);
        Map<String, NDArray> arrays = open.readAll();
        if (!Checksum.of(arrays, texts).equals(expected)) {
            throw new UnreadableFileException(
                    file,
                    "its checksum is " + expected + ", but what it holds has " + Checksum.of(arrays, texts),
                    "numbers, names or texts were altered after it was written; take an earlier one");
        }
        texts.remove(FORMAT);
        return new Snapshot(ImmutableMap.copyOf(arrays), ImmutableMap.copyOf(texts));
    }

    private static void requireVersion(Path file, @Nullable String format) throws UnreadableFileException {
        if (format == null) {
            throw new UnreadableFileException(
                    file,
                    "it is no snapshot, but a safetensors file of another program, without '" + FORMAT + "'",
                    "Snapshot.readWeights takes its arrays as parameters, and Safetensors reads any");
        }
        if (!format.matches("[1-9][0-9]{0,8}")) {
            throw new UnreadableFileException(
                    file, "its '" + FORMAT + "' is '" + format + "'", "it must be a number, 1 or more; it was altered");
        }
        if (Integer.parseInt(format) > VERSION) {
            throw new UnreadableFileException(
                    file,
                    "it is a snapshot of format " + format + ", which a newer version has written",
                    "this one reads formats up to " + VERSION + "; read it with the newer one");
        }
    }
}
