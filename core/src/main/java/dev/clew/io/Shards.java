package dev.clew.io;

import static dev.clew.io.HeaderReader.shown;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that are read as one: a single one, or all that an index names, opened at once, so that a model of which a part is missing
 * is refused before any of it is used, and what is read later is of the files that were checked.
 *
 * @param tensors by name, the file that each lies in; file by file, in the order in which they lie there
 */
record Shards(ImmutableList<Shard> files, ImmutableMap<String, Shard> tensors, ImmutableMap<String, String> metadata)
        implements Closeable {
    static Shards open(Path file) throws IOException {
        if (ShardIndex.isOne(file)) {
            return of(file, ShardIndex.read(file));
        }
        Shard only = Shard.open(file);
        ImmutableMap.Builder<String, Shard> tensors = ImmutableMap.builder();
        only.header().places().keySet().forEach(name -> tensors.put(name, only));
        return new Shards(
                ImmutableList.of(only), tensors.buildOrThrow(), only.header().metadata());
    }

    private static Shards of(Path index, ShardIndex said) throws IOException {
        Map<String, String> firstOf = new TreeMap<>();
        said.files().forEach((tensor, name) -> firstOf.putIfAbsent(name, tensor));
        Map<String, Shard> byName = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, String> each : firstOf.entrySet()) {
                Path file = ShardIndex.resolve(index, each.getValue(), each.getKey());
                byName.put(each.getKey(), Shard.open(file));
            }
            for (Map.Entry<String, String> each : said.files().entrySet()) {
                requireHeld(index, each.getKey(), each.getValue(), byName);
            }
            return new Shards(
                    ImmutableList.copyOf(byName.values()), tensors(index, said, byName), metadata(said, byName));
        } catch (IOException | RuntimeException | Error error) {
            try {
                close(byName.values());
            } catch (IOException another) {
                error.addSuppressed(another);
            }
            throw error;
        }
    }

    private static void requireHeld(Path index, String tensor, String name, Map<String, Shard> byName)
            throws UnreadableFileException {
        Shard shard = byName.get(name);
        if (shard == null || !shard.header().places().containsKey(tensor)) {
            throw new UnreadableFileException(
                    index,
                    shown(tensor) + " would lie in " + shown(name) + ", which does not hold it",
                    "the index is of other files than these");
        }
    }

    /** What the index does not name would be lost without a word, so it is refused; a tensor that two files hold is such a one too. */
    private static ImmutableMap<String, Shard> tensors(Path index, ShardIndex said, Map<String, Shard> byName)
            throws UnreadableFileException {
        ImmutableMap.Builder<String, Shard> tensors = ImmutableMap.builder();
        for (Map.Entry<String, Shard> each : byName.entrySet()) {
            for (String tensor : each.getValue().header().places().keySet()) {
                if (!each.getKey().equals(said.files().get(tensor))) {
                    throw new UnreadableFileException(
                            index,
                            shown(each.getKey()) + " holds " + shown(tensor) + ", which the index does not place there",
                            "the index must name every tensor of its files; the file can be opened alone");
                }
                tensors.put(tensor, each.getValue());
            }
        }
        return tensors.buildOrThrow();
    }

    private static ImmutableMap<String, String> metadata(ShardIndex said, Map<String, Shard> byName) {
        Map<String, String> texts = new TreeMap<>(said.metadata());
        for (Shard each : byName.values()) {
            each.header().metadata().forEach(texts::putIfAbsent);
        }
        return ImmutableMap.copyOf(texts);
    }

    /** Closes all, whatever fails. */
    @Override
    public void close() throws IOException {
        close(files);
    }

    private static void close(Collection<Shard> files) throws IOException {
        try (Closer all = Closer.create()) {
            files.forEach(each -> all.register(each.channel()));
        }
    }
}
