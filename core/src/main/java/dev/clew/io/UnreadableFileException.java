package dev.clew.io;

import dev.clew.internal.array.Present;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** What a file holds cannot be read: it is damaged, or of another kind or a newer version than whoever reads it. */
public final class UnreadableFileException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * An error that says "read FILE: what is wrong; the rule".
     *
     * @param wrong what was found
     * @param rule what must hold, or what helps
     */
    public UnreadableFileException(Path file, String wrong, String rule) {
        super(message(file, wrong, rule));
    }

    private static String message(Path file, String wrong, String rule) {
        Present.require("UnreadableFileException", file, wrong, rule);
        return "read " + file + ": " + wrong + "; " + rule;
    }
}
