package dev.clew.io;

import com.google.common.collect.ImmutableList;
import com.google.gson.stream.JsonWriter;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes arrays to several files and an index of them, named and laid out as Hugging Face does. */
final class ShardWriter {
    private static final String TOTAL = "total_size";

    private final Path index;
    private final String start;
    private final Map<String, String> metadata;
    private final Map<String, ElementType> types;

    /** @param index where it is to be, {@code FOLDER/model.safetensors.index.json} */
    ShardWriter(Path index, Map<String, String> metadata, Map<String, ElementType> types) {
        String name = String.valueOf(index.getFileName());
        if (!name.endsWith(ShardIndex.ENDING)) {
            throw new IllegalArgumentException("writeShards " + index + ": the name of an index ends in "
                    + ShardIndex.ENDING + ", and its shards are named after it");
        }
        this.index = index;
        this.start = name.substring(0, name.length() - ShardIndex.ENDING.length());
        this.metadata = new LinkedHashMap<>(metadata);
        this.types = types;
        this.metadata.remove(TOTAL); // It is counted anew.
    }

    /** The index comes last: where there was none, there is one when all that it names is on the disk. */
    void write(Map<String, NDArray> arrays, long bytesPerFile) throws IOException {
        Header.requireFew("arrays", arrays.size());
        ImmutableList<TensorFile> files = files(arrays, bytesPerFile);
        List<String> names = new ArrayList<>();
        Map<String, String> map = new TreeMap<>();
        for (TensorFile each : files) {
            String name =
                    String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", start, names.size() + 1, files.size());
            each.tensors().forEach(tensor -> map.put(tensor.name(), name));
            names.add(name);
        }
        byte[] json = json(map, files.stream().mapToLong(TensorFile::bytes).sum());
        for (int i = 0; i < names.size(); i++) {
            AtomicFile.write(index.resolveSibling(names.get(i)), files.get(i)::writeTo);
        }
        AtomicFile.write(index, channel -> write(channel, json));
    }

    private static void write(WritableByteChannel channel, byte[] json) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(json);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** In the order of the map, a new file wherever the next array would make one too large. */
    private ImmutableList<TensorFile> files(Map<String, NDArray> arrays, long bytesPerFile) {
        List<Map<String, NDArray>> parts = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<String, NDArray> each : arrays.entrySet()) {
            NDArray array = each.getValue();
            ElementType type = types.getOrDefault(each.getKey(), ElementType.of(array.dtype()));
            long more = new ElementEncoder(each.getKey(), array, type).bytes();
            if (parts.isEmpty() || bytes + more > bytesPerFile) {
                parts.add(new LinkedHashMap<>());
                bytes = 0;
            }
            parts.getLast().put(each.getKey(), array);
            bytes += more;
        }
        return parts.stream()
                .map(each -> TensorFile.of(each, metadata, types))
                .collect(ImmutableList.toImmutableList());
    }

    private byte[] json(Map<String, String> map, long total) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setIndent("  ");
        json.beginObject().name("metadata").beginObject();
        for (Map.Entry<String, String> each : new TreeMap<>(metadata).entrySet()) {
            json.name(each.getKey()).value(each.getValue());
        }
        json.name(TOTAL).value(total).endObject().name("weight_map").beginObject();
        for (Map.Entry<String, String> each : map.entrySet()) {
            json.name(each.getKey()).value(each.getValue());
        }
        json.endObject().endObject().flush();
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        Header.requireShort(bytes.length);
        return bytes;
    }
}
