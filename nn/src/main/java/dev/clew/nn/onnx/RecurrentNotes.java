package dev.clew.nn.onnx;

import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What the writer of a loop notes of the parameters of one direction: their names, and how many numbers the biases have, since the
 * operator has them all in a layout of its own. So they are read back as they were, and one that stands in two places stays one.
 */
record RecurrentNotes(int direction) {
    private String key(String part) {
        return "clew." + direction + "." + part;
    }

    Map<String, String> of(RecurrentOperator cell, Function<Parameter, String> names) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(key("wx"), names.apply(cell.wx()));
        notes.put(key("wh"), names.apply(cell.wh()));
        put(notes, "b", cell.b(), names);
        cell.inner().ifPresent(inner -> put(notes, "inner", inner, names));
        cell.peepholes().ifPresent(peepholes -> notes.put(key("peepholes"), names.apply(peepholes)));
        return notes;
    }

    private void put(Map<String, String> notes, String part, Parameter bias, Function<Parameter, String> names) {
        notes.put(key(part), names.apply(bias));
        notes.put(key(part + ".length"), Integer.toString(bias.shape().elements()));
    }

    Optional<String> name(Map<String, String> notes, String part) {
        return Optional.ofNullable(notes.get(key(part)));
    }

    /** How many numbers a bias has, if that was noted as such a number. */
    OptionalInt length(Map<String, String> notes, String part) {
        String text = notes.getOrDefault(key(part + ".length"), "");
        return text.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }
}
