package dev.clew.audit.bug;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What goes from a step to the one before: the derivatives by each of its states. */
record Carry(List<Matrix> parts) {
    static Carry of(Matrix... parts) {
        return new Carry(Arrays.asList(parts));
    }

    Matrix part(int i) {
        return parts.get(i);
    }

    Carry plus(Carry other) {
        return new Carry(IntStream.range(0, parts.size())
                .mapToObj(i -> part(i).plus(other.part(i)))
                .toList());
    }

    /** With 0 for one of the states. */
    Carry without(int lost) {
        return new Carry(IntStream.range(0, parts.size())
                .mapToObj(i -> i == lost ? part(i).zero() : part(i))
                .toList());
    }

    Carry zero() {
        return new Carry(parts.stream().map(Matrix::zero).toList());
    }
}
