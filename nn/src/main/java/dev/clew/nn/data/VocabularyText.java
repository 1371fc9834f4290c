package dev.clew.nn.data;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Vocabulary} as JSON of ASCII characters alone: {@code {"vocabulary":1,"unit":"characters","tokens":["padding"],
 * "symbols":["e","\u00e9",[55357]]}}. A symbol with a lone half of a surrogate pair, which UTF-8 does not have and strict readers of
 * JSON refuse even as an escape, is a list of its code points.
 */
final class VocabularyText {
    private static final int VERSION = 1;
    private static final int SHOWN = 40;
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .disableHtmlEscaping()
            .create();

    private VocabularyText() {}

    static String write(Vocabulary vocabulary) {
        JsonObject all = new JsonObject();
        all.addProperty("vocabulary", VERSION);
        all.addProperty("unit", vocabulary.unit().toString());
        JsonArray tokens = new JsonArray();
        vocabulary.tokens().forEach(token -> tokens.add(token.name().toLowerCase(Locale.ROOT)));
        all.add("tokens", tokens);
        JsonArray symbols = new JsonArray();
        vocabulary.symbols().forEach(symbol -> symbols.add(element(symbol)));
        all.add("symbols", symbols);
        return ascii(GSON.toJson(all));
    }

    private static JsonElement element(String symbol) {
        if (symbol.codePoints().noneMatch(VocabularyText::isHalf)) {
            return new JsonPrimitive(symbol);
        }
        JsonArray points = new JsonArray();
        symbol.codePoints().forEach(points::add);
        return points;
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /** What is not ASCII stands in strings alone, where it may be escaped. */
    private static String ascii(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char unit = json.charAt(i);
            if (unit > '~') {
                text.append(String.format("\\u%04x", (int) unit));
            } else {
                text.append(unit);
            }
        }
        return text.toString();
    }

    static Vocabulary read(String text) {
        JsonObject all = object(text);
        Vocabulary.Unit unit = named(Vocabulary.Unit.values(), all.get("unit"), text);
        Set<Vocabulary.Token> tokens = EnumSet.noneOf(Vocabulary.Token.class);
        for (JsonElement token : array(all, "tokens", text)) {
            if (!tokens.add(named(Vocabulary.Token.values(), token, text))) {
                throw refused(text, "the token " + token + " is there twice");
            }
        }
        List<String> symbols = new ArrayList<>();
        for (JsonElement symbol : array(all, "symbols", text)) {
            symbols.add(symbol instanceof JsonArray points ? joined(points, text) : string(symbol, text));
        }
        requireSymbols(unit, symbols, text);
        if (symbols.isEmpty() && tokens.isEmpty()) {
            throw refused(text, "it has neither tokens nor symbols");
        }
        return new Vocabulary(unit, tokens, symbols);
    }

    private static JsonObject object(String text) {
        JsonElement all;
        try {
            all = GSON.fromJson(text, JsonElement.class);
        } catch (JsonParseException error) {
            IllegalArgumentException refused = refused(text, "it is not JSON");
            refused.initCause(error);
            throw refused;
        }
        if (!(all instanceof JsonObject object) || !object.has("vocabulary")) {
            throw refused(text, "it has no \"vocabulary\"");
        }
        if (!object.get("vocabulary").equals(new JsonPrimitive(VERSION))) {
            throw refused(text, "it is of version " + object.get("vocabulary") + ", and this library reads " + VERSION);
        }
        return object;
    }

    private static JsonArray array(JsonObject all, String field, String text) {
        if (!(all.get(field) instanceof JsonArray array)) {
            throw refused(text, "it has no list of " + field);
        }
        return array;
    }

    private static String string(@Nullable JsonElement element, String text) {
        if (!(element instanceof JsonPrimitive primitive) || !primitive.isString()) {
            throw refused(text, element + " stands where there should be a text");
        }
        return primitive.getAsString();
    }

    private static String joined(JsonArray points, String text) {
        StringBuilder symbol = new StringBuilder();
        for (JsonElement point : points) {
            if (!point.toString().matches("[0-9]{1,7}") || !Character.isValidCodePoint(point.getAsInt())) {
                throw refused(text, point + " is not a code point");
            }
            symbol.appendCodePoint(point.getAsInt());
        }
        return symbol.toString();
    }

    private static <E extends Enum<E>> E named(E[] values, @Nullable JsonElement name, String text) {
        String given = string(name, text);
        for (E each : values) {
            if (each.name().toLowerCase(Locale.ROOT).equals(given)) {
                return each;
            }
        }
        throw refused(text, "there is no such thing as " + Symbols.quoted(given));
    }

    private static void requireSymbols(Vocabulary.Unit unit, List<String> symbols, String text) {
        Set<String> seen = new HashSet<>();
        for (String symbol : symbols) {
            List<String> parts = new ArrayList<>();
            if (unit == Vocabulary.Unit.BYTES) {
                parts.add(symbol.matches("[0-9a-f]{2}") ? symbol : "");
            } else {
                Symbols.each(unit, symbol, (part, _) -> parts.add(part));
            }
            if (!parts.equals(List.of(symbol))) {
                throw refused(text, Symbols.quoted(symbol) + " is not one of " + unit);
            }
            if (!seen.add(symbol)) {
                throw refused(text, Symbols.quoted(symbol) + " is there twice");
            }
        }
    }

    private static IllegalArgumentException refused(String text, String why) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return new IllegalArgumentException(
                "vocabulary of the text " + shown + ": " + why + "; it is what Vocabulary.toText() wrote, unaltered");
    }
}
