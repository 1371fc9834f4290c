package dev.clew.examples.serve;

import com.google.common.collect.ImmutableSet;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.clew.nn.decode.Sampler;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/**
 * What a client wants written: {@code {"from": "3-9f2c...", "text": "Mc", "letters": 8, "temperature": 0.8, "topK": 12}}, or at the
 * beginning of a conversation a seed and no from. All of them may be left out.
 *
 * @param from the conversation to go on with; a new one if there is none
 * @param text to read first
 * @param letters to write, unless a name ends before
 * @param seed of what a new conversation draws
 */
record Request(Optional<String> from, String text, int letters, Sampler sampler, long seed) {
    static final int MOST_LETTERS = 256;
    private static final Set<String> KEYS = ImmutableSet.of("from", "text", "letters", "temperature", "topK", "seed");
    private static final String FIX =
            "send {\"text\": \"A\", \"letters\": 8, \"seed\": 1}, and then \"from\" with the state of the answer";

    static Request of(String body) {
        JsonObject json = object(body);
        for (String key : json.keySet()) {
            if (!KEYS.contains(key)) {
                throw bad("a request with '" + key + "'", "a request has " + String.join(", ", KEYS), "leave it out");
            }
        }
        if (json.has("from") && json.has("seed")) {
            throw bad(
                    "a request with 'from' and 'seed'",
                    "what a conversation draws follows from the seed it began with",
                    "leave one of them out");
        }
        Sampler sampler = Sampler.create().withTemperature(decimal(json, "temperature", 1));
        return new Request(
                json.has("from") ? Optional.of(text(json, "from")) : Optional.empty(),
                text(json, "text"),
                (int) whole(json, "letters", 8, 1, MOST_LETTERS),
                json.has("topK") ? sampler.withTopK((int) whole(json, "topK", 1, 1, Integer.MAX_VALUE)) : sampler,
                whole(json, "seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static JsonObject object(String body) {
        try (JsonReader reader = new JsonReader(new StringReader(body))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = new Gson().getAdapter(JsonElement.class).read(reader);
            if (json.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
                return json.getAsJsonObject();
            }
        } catch (IOException | JsonParseException error) {
            throw bad("a request of " + body.length() + " characters", "it is no JSON: " + error.getMessage(), FIX);
        }
        throw bad("a request of " + body.length() + " characters", "it is one JSON object, {...}", FIX);
    }

    private static String text(JsonObject json, String key) {
        JsonElement found = json.has(key) ? json.get(key) : new JsonPrimitive("");
        if (!(found instanceof JsonPrimitive text && text.isString())) {
            throw bad("'" + key + "': " + shown(found), "it is a text", "write it in quotes");
        }
        return text.getAsString();
    }

    private static long whole(JsonObject json, String key, long otherwise, long least, long most) {
        if (!json.has(key)) {
            return otherwise;
        }
        String rule = "it is a whole number from " + least + " to " + most;
        try {
            long found = number(json, key, rule).longValueExact();
            if (found >= least && found <= most) {
                return found;
            }
        } catch (ArithmeticException notWhole) {
            // As one out of range.
        }
        throw bad("'" + key + "': " + shown(json.get(key)), rule, "choose one of these");
    }

    private static double decimal(JsonObject json, String key, double otherwise) {
        String rule = "it is a number, 0 or more, and finite";
        double found = json.has(key) ? number(json, key, rule).doubleValue() : otherwise;
        if (!(found >= 0) || Double.isInfinite(found)) {
            throw bad(
                    "'" + key + "': " + shown(json.get(key)),
                    rule,
                    "0 takes the most probable letter, 1 draws as the model says");
        }
        return found;
    }

    private static BigDecimal number(JsonObject json, String key, String rule) {
        JsonElement found = json.get(key);
        try {
            if (found instanceof JsonPrimitive number && number.isNumber()) {
                return number.getAsBigDecimal();
            }
        } catch (NumberFormatException tooLarge) {
            // As what is no number.
        }
        throw bad("'" + key + "': " + shown(found), rule, "write it as 8 or 0.5");
    }

    private static String shown(JsonElement json) {
        String text = json.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static WrongRequest bad(String asked, String rule, String fix) {
        return new WrongRequest(WrongRequest.BAD, asked, rule, fix);
    }
}
