package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;

/** Where a tensor lies in a safetensors file, and what it is; the offset is counted from the first byte after the header. */
record TensorPlace(ElementType type, ImmutableList<Long> lengths, long begin, long end) {
    long bytes() {
        return end - begin;
    }

    String shape() {
        return lengths.stream().map(String::valueOf).collect(joining(", ", "(", ")"));
    }
}
