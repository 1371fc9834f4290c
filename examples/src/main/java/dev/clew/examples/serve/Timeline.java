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
        if (marks.putIfAbsent(what, System.currentTimeMillis() - start) == null) {
            notifyAll();
        }
    }

    /** Waits until something was reached, or so many milliseconds have gone by. */
    synchronized void await(String what, long most) throws InterruptedException {
        long end = System.currentTimeMillis() + most;
        for (long now = System.currentTimeMillis(); now < end && !marks.containsKey(what); ) {
            wait(end - now);
            now = System.currentTimeMillis();
        }
    }

    synchronized JsonObject json() {
        JsonObject json = new JsonObject();
        marks.forEach(json::addProperty);
        return json;
    }
}
