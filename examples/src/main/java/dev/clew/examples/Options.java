package dev.clew.examples;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What can be set from the command line; every example has defaults of its own. */
record Options(OptionalInt units, OptionalInt epochs, OptionalDouble rate, OptionalLong seed) {
    static final Options NONE =
            new Options(OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.empty(), OptionalLong.empty());
}
