package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** Where a tensor lies in a safetensors file, and what it is; the offset is counted from the first byte after the header. */
record TensorPlace(ElementType type, ImmutableList<Long> lengths, long begin, long end) {
    private static final int SHOWN = 8;

    long bytes() {
        return end - begin;
    }

    String shape() {
        return shown(lengths);
    }

    /** A shape as errors print it: whoever has made a file may have given it many axes. */
    static String shown(List<Long> lengths) {
        String end = lengths.size() > SHOWN ? ", ...)" : ")";
        return lengths.stream().limit(SHOWN).map(String::valueOf).collect(joining(", ", "(", end));
    }
}
