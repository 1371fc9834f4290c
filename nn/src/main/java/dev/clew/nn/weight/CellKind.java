package dev.clew.nn.weight;

import java.util.Arrays;
import java.util.Optional;

/** A kind of cell that others have too, and its gates in the order that they have here. */
enum CellKind {
    RNN("n"),
    LSTM("ifgo"),
    GRU("rzn");

    private final String gates;

    CellKind(String gates) {
        this.gates = gates;
    }

    String gates() {
        return gates;
    }

    /** How many rows, or columns, a matrix of all gates has, in words. */
    String all() {
        return count() == 1 ? "units" : count() + "·units";
    }

    /** The kind whose matrix has so many rows, or columns, for so many units. */
    static Optional<CellKind> of(int all, int units) {
        return Arrays.stream(values())
                .filter(kind -> kind.count() * units == all)
                .findFirst();
    }

    int count() {
        return gates.length();
    }
}
