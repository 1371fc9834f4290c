package dev.clew.internal.compile.layout;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which elements of a block are meant, as runs of neighbors. A stack of steps is written step after step, forward or backward, so
 * what has been written of it is one run; a bit for every element would be a square of the steps to go through.
 */
final class ElementRuns {
    /** By where a run begins, the element after its last; no two of them meet or touch. */
    private final TreeMap<Integer, Integer> ends = new TreeMap<>();

    boolean isEmpty() {
        return ends.isEmpty();
    }

    /** Adds the elements {@code from .. to − 1}. */
    void add(int from, int to) {
        int begin = from;
        int end = to;
        Map.Entry<Integer, Integer> near = ends.floorEntry(end);
        while (near != null && near.getValue() >= begin) {
            begin = Math.min(begin, near.getKey());
            end = Math.max(end, near.getValue());
            ends.remove(near.getKey());
            near = ends.floorEntry(end);
        }
        ends.put(begin, end);
    }

    /** Adds all that a view shows. */
    void add(MemoryView view) {
        view.eachRun(this::add);
    }

    /** Whether a view shows one of them. */
    boolean meets(MemoryView view) {
        boolean[] meets = new boolean[1];
        view.eachRun((from, to) -> meets[0] |= meets(from, to));
        return meets[0];
    }

    private boolean meets(int from, int to) {
        Map.Entry<Integer, Integer> before = ends.lowerEntry(to);
        return before != null && before.getValue() > from;
    }
}
