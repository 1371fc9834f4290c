package dev.clew.io;

import com.google.common.io.ByteStreams;
import com.google.common.io.CharStreams;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file that is one JSON object, read as it comes, so that what is refused takes no more memory than what was understood of
 * it. What JSON leaves open is refused: names that occur twice, of which most readers keep one silently. The parser, made strict,
 * refuses what is no JSON, and half of a surrogate pair.
 */
final class StrictJson {
    /** The most bytes, as the reference has it for the header of a file. */
    static final long MOST = 100_000_000;

    /** The most names of one object: more than any model has tensors, and few enough to be kept. */
    static final int MOST_NAMES = 1_000_000;

    private static final int NEAR = 10;
    private static final Pattern PLACE = Pattern.compile("line ([0-9]{1,9}) column ([0-9]{1,9})");
    private static final String ADVICE = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON ";

    private final Source source;
    private final JsonReader json;

    private StrictJson(Source source, JsonReader json) {
        this.source = source;
        this.json = json;
    }

    /**
     * Where the object stands.
     *
     * @param from the first of so many bytes
     * @param part what of the file that is, as errors begin
     */
    record Source(Path file, FileChannel channel, long from, long bytes, String part) {
        private Reader open() throws IOException {
            InputStream all = ByteStreams.limit(Channels.newInputStream(channel.position(from)), bytes);
            return new BufferedReader(new InputStreamReader(all, StandardCharsets.UTF_8.newDecoder()));
        }

        private UnreadableFileException wrong(String what, String rule) {
            return new UnreadableFileException(file, part + what, rule);
        }
    }

    /** What is done with the object. */
    @FunctionalInterface
    interface Work<T> {
        /** Begins where the object begins, and returns where it ends. */
        T with(StrictJson json) throws IOException;
    }

    /** Reads an object, after which only blanks follow. */
    static <T> T read(Source source, Work<T> work) throws IOException {
        try {
            requireBrace(source);
            return new StrictJson(source, new JsonReader(source.open())).read(work);
        } catch (CharacterCodingException error) {
            throw caused(source.wrong(" is not UTF-8", "it must be JSON in UTF-8"), error);
        }
    }

    private static void requireBrace(Source source) throws IOException {
        int first = source.open().read();
        if (first != '{') {
            String letter = first > ' ' && first <= '~' ? "'" + (char) first + "'" : String.format("U+%04X", first);
            throw source.wrong(
                    first < 0 ? " is empty" : " begins with " + letter, "it must be a JSON object, and begin with '{'");
        }
    }

    private <T> T read(Work<T> work) throws IOException {
        json.setStrictness(Strictness.STRICT);
        try {
            T result = work.with(this);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw source.wrong(" goes on after the JSON object", "only blanks may follow");
            }
            return result;
        } catch (MalformedJsonException | EOFException error) {
            String place = json.toString();
            throw caused(
                    source.wrong(
                            " is no JSON near " + HeaderReader.shown(near(place)) + " (" + said(error) + ")",
                            "it must be strict JSON"),
                    error);
        }
    }

    /** What stands around a place that the parser names. */
    private String near(String place) throws IOException {
        Matcher numbers = PLACE.matcher(place);
        if (!numbers.find()) {
            return "";
        }
        Reader text = source.open();
        for (int line = Integer.parseInt(numbers.group(1)), next = 0;
                line > 1 && next >= 0;
                line -= next == '\n' ? 1 : 0) {
            next = text.read();
        }
        CharStreams.skipFully(text, Math.max(0, Integer.parseInt(numbers.group(2)) - NEAR));
        StringBuilder near = new StringBuilder();
        for (int next = text.read(); next >= 0 && near.length() < 2 * NEAR; next = text.read()) {
            near.append((char) next);
        }
        return near.toString();
    }

    /** What the parser says, and where, without its advice. */
    private static String said(IOException error) {
        String line = String.valueOf(error.getMessage())
                .replace(ADVICE, "")
                .lines()
                .findFirst()
                .orElse("");
        int path = line.indexOf(" path ");
        return path < 0 ? line : line.substring(0, path + 6) + HeaderReader.shown(line.substring(path + 6));
    }

    // ----------------------------------------------------------------------------------------------- what comes next

    /** Fails unless an object comes next, which is then begun. */
    void beginObject(String what) throws IOException {
        require(JsonToken.BEGIN_OBJECT, what);
        json.beginObject();
    }

    boolean hasNext() throws IOException {
        return json.hasNext();
    }

    void endObject() throws IOException {
        json.endObject();
    }

    /** Fails unless an array comes next, which is then begun. */
    void beginArray(String what) throws IOException {
        require(JsonToken.BEGIN_ARRAY, what);
        json.beginArray();
    }

    void endArray() throws IOException {
        json.endArray();
    }

    /** A name that was not seen yet in its object. */
    String newName(Set<String> seen) throws IOException {
        String name = json.nextName();
        if (seen.size() == MOST_NAMES) {
            throw wrong("an object has more than " + MOST_NAMES + " names", "more cost too much to be read");
        }
        if (seen.contains(name)) {
            throw wrong(
                    HeaderReader.shown(name) + " is there twice", "names must differ, for readers keep either of two");
        }
        return name;
    }

    String text(String what) throws IOException {
        require(JsonToken.STRING, what);
        return json.nextString();
    }

    /** A number of an array, as it is written. */
    String number(String array) throws IOException {
        if (json.peek() != JsonToken.NUMBER) { // Headers have millions of numbers: no text is made for each.
            require(JsonToken.NUMBER, "a number of " + array);
        }
        return json.nextString();
    }

    /** A text, a number or a truth value, as it is written. */
    String scalar(String what) throws IOException {
        return switch (json.peek()) {
            case NUMBER -> json.nextString();
            case BOOLEAN -> String.valueOf(json.nextBoolean());
            default -> text(what);
        };
    }

    void skip() throws IOException {
        json.skipValue();
    }

    private void require(JsonToken expected, String what) throws IOException {
        JsonToken found = json.peek();
        if (found != expected) {
            throw wrong(what + " is " + word(found), "it must be " + word(expected));
        }
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "an array";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NAME, END_ARRAY, END_OBJECT, END_DOCUMENT -> "missing";
        };
    }

    // --------------------------------------------------------------------------------------------------------- errors

    UnreadableFileException wrong(String what, String rule) {
        return new UnreadableFileException(source.file(), what, rule);
    }

    private static UnreadableFileException caused(UnreadableFileException error, Exception cause) {
        error.initCause(cause);
        return error;
    }
}
