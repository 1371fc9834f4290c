package dev.clew.nn.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Texts as symbols of a {@link Vocabulary}. */
final class Symbols {
    /** For what cannot be said. */
    static final String REPLACEMENT = "\uFFFD";

    /** By code points: by units of UTF-16, characters beyond U+FFFF would come before some below. */
    static final Comparator<String> BY_CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private static final HexFormat HEX = HexFormat.of();

    private Symbols() {}

    /** Takes a symbol, and where in the text it begins. */
    @FunctionalInterface
    interface Taker {
        void take(String symbol, int from);
    }

    /** Hands over every symbol of a text. */
    static void each(Vocabulary.Unit unit, String text, Taker taker) {
        switch (unit) {
            case CHARACTERS -> characters(text, taker);
            case WORDS -> words(text, taker);
            case BYTES -> bytes(text, taker);
        }
    }

    private static void characters(String text, Taker taker) {
        for (int at = 0; at < text.length(); ) {
            int next = text.offsetByCodePoints(at, 1);
            taker.take(text.substring(at, next), at);
            at = next;
        }
    }

    private static void words(String text, Taker taker) {
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || Character.isWhitespace(text.charAt(at))) {
                if (at > from) {
                    taker.take(text.substring(from, at), from);
                }
                from = at + 1;
            }
        }
    }

    private static void bytes(String text, Taker taker) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        ByteBuffer all = ByteBuffer.allocate(Math.multiplyExact(3, text.length()));
        CharBuffer characters = CharBuffer.wrap(text);
        CoderResult result = encoder.encode(characters, all, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    "encode: " + quoted(text.substring(characters.position(), characters.position() + 1))
                            + " at " + characters.position()
                            + " is half of a surrogate pair and has no bytes in UTF-8; a vocabulary of characters takes it");
        }
        all.flip();
        while (all.hasRemaining()) {
            int from = all.position();
            taker.take(ofByte(all.get()), from);
        }
    }

    static String ofByte(byte value) {
        return HEX.toHexDigits(value);
    }

    static byte[] toBytes(List<String> symbols) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String symbol : symbols) {
            if (symbol.equals(REPLACEMENT)) {
                bytes.writeBytes(REPLACEMENT.getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(HexFormat.fromHexDigits(symbol));
            }
        }
        return bytes.toByteArray();
    }

    /** In quotes, with what cannot be seen as an escape, and the number of a character that stands alone. */
    static String quoted(String symbol) {
        StringBuilder text = new StringBuilder("'");
        symbol.codePoints().forEach(point -> {
            boolean isSeen = Character.isLetterOrDigit(point)
                    || (point >= ' ' && point <= '~')
                    || Character.getType(point) == Character.OTHER_SYMBOL
                    || Character.getType(point) == Character.OTHER_PUNCTUATION;
            if (isSeen) {
                text.appendCodePoint(point);
            } else {
                text.append(String.format("\\u%04X", point));
            }
        });
        text.append('\'');
        boolean isOne = symbol.codePointCount(0, symbol.length()) == 1;
        return isOne && symbol.codePointAt(0) > '~'
                ? text + String.format(" (U+%04X)", symbol.codePointAt(0))
                : text.toString();
    }
}
