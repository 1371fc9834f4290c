package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.array.Present;
import java.nio.file.Path;
import java.util.List;

/**
 * Text files. They are read at once, and nothing stays open; strictly as UTF-8, with or without a byte order mark, and with lines that end
 * in {@code \n} or {@code \r\n}.
 */
public final class Lines {
    private Lines() {}

    /**
     * The lines of a file, without their ends; an empty file has none, and an end after the last line begins no other.
     *
     * @throws IllegalArgumentException if it is not UTF-8, which names line and column
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static List<String> of(Path file) {
        Present.require("lines", file);
        String text = text(file);
        ImmutableList.Builder<String> lines = ImmutableList.builder();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            lines.add(text.substring(from, end < 0 ? text.length() : end));
            from = end < 0 ? text.length() : end + 1;
        }
        return lines.build();
    }

    /**
     * All of a file as one text, whose lines end in {@code \n}.
     *
     * @throws IllegalArgumentException if it is not UTF-8, which names line and column
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static String text(Path file) {
        Present.require("text", file);
        return Utf8File.read(file).replace("\r\n", "\n");
    }
}
