package dev.clew.examples;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What can be set from the command line; every example has defaults of its own. */
record Options(OptionalInt units, OptionalInt epochs, OptionalDouble rate, OptionalLong seed) {

    /** Options from what was given; null is not given. */
    static Options of(@Nullable Integer units, @Nullable Integer epochs, @Nullable Double rate, @Nullable Long seed) {
        return new Options(
                units == null ? OptionalInt.empty() : OptionalInt.of(atLeastOne("--units", units)),
                epochs == null ? OptionalInt.empty() : OptionalInt.of(atLeastOne("--epochs", epochs)),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
    }

    private static int atLeastOne(String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(name + "=" + number + ": it must be at least 1");
        }
        return number;
    }
}
