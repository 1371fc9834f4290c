package dev.clew.examples.audit;

import dev.clew.array.NDArray;
import dev.clew.io.Npz;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A file of named arrays, of the kind that its name ends in: {@code .npz}, {@code .safetensors} or {@code .json}. */
final class ArrayFile {
    private ArrayFile() {}

    /**
     * All arrays by name, in the order of the file.
     *
     * @throws UnreadableFileException if it is damaged, or its name ends in something else
     * @throws IOException if there is no such file
     */
    static Map<String, NDArray> read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "npz" -> {
                try (Npz open = Npz.open(file)) {
                    yield open.readAll();
                }
            }
            case "safetensors" -> {
                try (Safetensors open = Safetensors.open(file)) {
                    yield open.readAll();
                }
            }
            case "json" -> JsonArrays.read(file);
            default ->
                throw new UnreadableFileException(
                        file,
                        "its name ends in ." + ending,
                        "named arrays are in .npz (numpy.savez), .safetensors or .json files");
        };
    }
}
