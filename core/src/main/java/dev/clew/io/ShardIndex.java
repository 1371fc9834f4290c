package dev.clew.io;

import static dev.clew.io.HeaderReader.shown;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an index of shards says, as Hugging Face writes it: {@code {"metadata": {"total_size": 8}, "weight_map": {"x": "FILE"}}}.
 *
 * @param files by name of tensor, the name of the file that it lies in
 * @param metadata its texts, and its numbers as they are written; {@code total_size} is not believed: many are wrong
 */
record ShardIndex(Map<String, String> files, Map<String, String> metadata) {
    static final String ENDING = ".safetensors.index.json";

    private static final String METADATA = "metadata";
    private static final String WEIGHT_MAP = "weight_map";
    private static final Pattern OUTSIDE = Pattern.compile("(^|/)\\.{0,2}(/|$)|[\\\\:\\p{Cntrl}]");

    /** Whether a file is an index: their names are {@code model.safetensors.index.json} and the like. */
    static boolean isOne(Path file) {
        return file.toString().endsWith(".json");
    }

    static ShardIndex read(Path file) throws IOException {
        try (FileChannel channel = Opening.read(file, ENDING)) {
            long bytes = channel.size();
            if (bytes > StrictJson.MOST) {
                throw new UnreadableFileException(
                        file, "as an index it has " + bytes + " bytes", "the most is " + StrictJson.MOST);
            }
            return StrictJson.read(new StrictJson.Source(file, channel, 0, bytes, "the index"), ShardIndex::read);
        }
    }

    private static ShardIndex read(StrictJson json) throws IOException {
        Optional<Map<String, String>> files = Optional.empty();
        Map<String, String> metadata = Map.of();
        Set<String> seen = new HashSet<>();
        json.beginObject("the index");
        while (json.hasNext()) {
            String field = json.newName(seen);
            seen.add(field);
            switch (field) {
                case METADATA -> metadata = texts(json);
                case WEIGHT_MAP -> files = Optional.of(files(json));
                default -> json.skip(); // What else is said of a model changes nothing of where its tensors lie.
            }
        }
        json.endObject();
        return new ShardIndex(
                files.orElseThrow(
                        () -> json.wrong("the index has no weight_map", "it says in which file each tensor lies")),
                metadata);
    }

    private static Map<String, String> texts(StrictJson json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        json.beginObject(METADATA);
        while (json.hasNext()) {
            String name = json.newName(texts.keySet());
            texts.put(name, json.scalar(METADATA + " of " + shown(name)));
        }
        json.endObject();
        return texts;
    }

    private static Map<String, String> files(StrictJson json) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        Map<String, String> same = new HashMap<>(); // Each name of a file is kept once.
        json.beginObject(WEIGHT_MAP);
        while (json.hasNext()) {
            String name = json.newName(files.keySet());
            String file = json.text(WEIGHT_MAP + " of " + shown(name));
            if (OUTSIDE.matcher(file).find()) {
                throw json.wrong(
                        WEIGHT_MAP + " of " + shown(name) + " is " + shown(file),
                        "shards lie in the folder of the index or below it, and are named with / alone, without . and ..");
            }
            files.put(name, same.computeIfAbsent(file, each -> each));
        }
        json.endObject();
        return files;
    }

    /**
     * The files that are named, in the order of their names: in the folder of the index as it was asked for. If that is a link, as in
     * the store of Hugging Face, the shards lie beside the link.
     */
    static Path resolve(Path index, String tensor, String name) throws UnreadableFileException {
        Optional<Path> file = resolved(index, name);
        if (file.isEmpty() || !Files.isRegularFile(file.get())) {
            throw new UnreadableFileException(
                    index,
                    shown(tensor) + " would lie in " + shown(name) + ", which is no file here",
                    "all shards must be there, in the folder of the index");
        }
        return file.get();
    }

    private static Optional<Path> resolved(Path index, String name) {
        try {
            return Optional.of(index.resolveSibling(name));
        } catch (InvalidPathException error) { // No name that a file of this system can have.
            return Optional.empty();
        }
    }
}
