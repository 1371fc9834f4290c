package dev.clew.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text file, read at once and strictly, and what is said of a line of it. */
final class Utf8File {
    private static final int SHOWN = 40;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Utf8File() {}

    /** All of its text, without a byte order mark at its beginning. */
    static String read(Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(file));
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, text, true);
        text.flip();
        if (result.isError()) {
            throw notUtf8(file, text.toString(), bytes.get(bytes.position()));
        }
        boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        return text.subSequence(isMarked ? 1 : 0, text.length()).toString();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException error) {
            throw new UncheckedIOException("read " + file + ": there is no such file", error);
        } catch (IOException error) {
            throw new UncheckedIOException("read " + file + ": " + error.getMessage(), error);
        }
    }

    private static IllegalArgumentException notUtf8(Path file, String before, byte wrong) {
        int line = 1 + (int) before.chars().filter(each -> each == '\n').count();
        String start = before.substring(before.lastIndexOf('\n') + 1);
        int column = 1 + start.codePointCount(0, start.length());
        String end = start.substring(Math.max(0, start.length() - SHOWN));
        return new IllegalArgumentException(String.format(
                "read %s, line %d, column %d: the byte 0x%02X after %s is not UTF-8; save the file as UTF-8",
                file, line, column, wrong, Symbols.quoted(end)));
    }

    /** What is wrong with a line, counted from 1. */
    static IllegalArgumentException wrong(String asked, Path file, long line, String what) {
        return new IllegalArgumentException(asked + " " + file + ", line " + line + ": " + what);
    }

    /** In quotes, and at most 40 characters of it. */
    static String shown(String text) {
        return text.length() <= SHOWN ? Symbols.quoted(text) : Symbols.quoted(text.substring(0, SHOWN)) + "...";
    }
}
