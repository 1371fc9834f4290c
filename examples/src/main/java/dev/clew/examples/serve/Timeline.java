package dev.clew.examples.serve;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** When something was first reached, in milliseconds since the process was started. */
final class Timeline {
    private final long start;
    private final Map<String, Long> marks = new LinkedHashMap<>();

    /** Since a moment, in milliseconds since 1970. */
    Timeline(long start) {
        this.start = start;
    }

    synchronized void mark(String what) {
        marks.putIfAbsent(what, System.currentTimeMillis() - start);
    }

    synchronized JsonObject json() {
        JsonObject json = new JsonObject();
        marks.forEach(json::addProperty);
        return json;
    }
}
