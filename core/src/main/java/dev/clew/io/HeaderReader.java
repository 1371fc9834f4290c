package dev.clew.io;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the header of a safetensors file from JSON, and refuses fields that the format does not have. */
final class HeaderReader {
    /** As many axes as PyTorch and NumPy have, so that a header is refused before it costs much. */
    static final int MOST_AXES = 64;

    private static final int SHOWN = 60;
    private static final String METADATA = "__metadata__";
    private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final String AXES = "PyTorch and NumPy have no more";
    private static final String OFFSETS = "they are two: begin and end";
    private static final String FIELDS = "a tensor has dtype, shape and data_offsets";

    private final StrictJson json;
    private final Map<String, TensorPlace> places = new HashMap<>();
    private Optional<Map<String, String>> metadata = Optional.empty();

    private HeaderReader(StrictJson json) {
        this.json = json;
    }

    /** What a header says, before it is known whether that fits together and fits the file. */
    record Said(Map<String, TensorPlace> places, Map<String, String> metadata) {}

    static Said read(StrictJson json) throws IOException {
        return new HeaderReader(json).read();
    }

    private Said read() throws IOException {
        json.beginObject("its header");
        while (json.hasNext()) {
            String name = json.newName(places.keySet());
            if (!name.equals(METADATA)) {
                places.put(name, place(name));
            } else if (metadata.isEmpty()) {
                metadata = Optional.of(metadata());
            } else {
                throw json.wrong(METADATA + " is there twice", "the texts of a file stand in one object");
            }
        }
        json.endObject();
        return new Said(places, metadata.orElse(Map.of()));
    }

    private Map<String, String> metadata() throws IOException {
        Map<String, String> texts = new HashMap<>();
        json.beginObject(METADATA);
        while (json.hasNext()) {
            String name = json.newName(texts.keySet());
            texts.put(name, json.text(METADATA + " of " + shown(name)));
        }
        json.endObject();
        return texts;
    }

    private TensorPlace place(String tensor) throws IOException {
        Set<String> seen = new LinkedHashSet<>();
        Optional<ElementType> type = Optional.empty();
        Optional<ImmutableList<Long>> lengths = Optional.empty();
        Optional<ImmutableList<Long>> offsets = Optional.empty();
        json.beginObject(shown(tensor));
        while (json.hasNext()) {
            String field = json.newName(seen);
            String what = field + " of " + shown(tensor);
            switch (field) {
                case "dtype" -> type = Optional.of(type(what));
                case "shape" -> lengths = Optional.of(numbers(what, MOST_AXES, "axes", AXES));
                case "data_offsets" -> offsets = Optional.of(numbers(what, 2, "numbers", OFFSETS));
                default -> throw json.wrong(shown(tensor) + " has the field " + shown(field), FIELDS);
            }
            seen.add(field);
        }
        json.endObject();
        if (type.isEmpty() || lengths.isEmpty() || offsets.isEmpty()) {
            throw json.wrong(shown(tensor) + " has the fields " + seen, FIELDS);
        }
        return place(tensor, type.get(), lengths.get(), offsets.get());
    }

    private TensorPlace place(String tensor, ElementType type, ImmutableList<Long> lengths, ImmutableList<Long> offsets)
            throws UnreadableFileException {
        if (offsets.size() != 2) {
            throw json.wrong(shown(tensor) + " has " + offsets.size() + " data_offsets", OFFSETS);
        }
        return new TensorPlace(type, lengths, offsets.getFirst(), offsets.getLast());
    }

    private ElementType type(String what) throws IOException {
        String name = json.text(what);
        return ElementType.named(name)
                .orElseThrow(() ->
                        json.wrong(what + " is " + shown(name), "the types are " + List.of(ElementType.values())));
    }

    private ImmutableList<Long> numbers(String what, int most, String counted, String rule) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray(what);
        while (json.hasNext()) {
            if (numbers.size() == most) {
                throw json.wrong(what + " has more than " + most + " " + counted, rule);
            }
            numbers.add(number(what, json.number(what)));
        }
        json.endArray();
        return ImmutableList.copyOf(numbers);
    }

    private long number(String what, String written) throws IOException {
        Long number = WHOLE.matcher(written).matches() ? Longs.tryParse(written) : null;
        if (number == null) {
            throw json.wrong(
                    what + " has " + shown(written), "numbers are whole, written in digits alone, and below 2⁶³");
        }
        return number;
    }

    /** A name as errors show it: whoever has made a file may have made it long, or of letters that do things to a terminal. */
    static String shown(String name) {
        String start = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "...";
        return "'" + CharMatcher.javaIsoControl().replaceFrom(start, '?') + "'";
    }
}
