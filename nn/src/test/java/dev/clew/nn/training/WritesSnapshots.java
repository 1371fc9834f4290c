package dev.clew.nn.training;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A program that replaces a snapshot for ever: the nth is made of n alone. Whoever starts it kills it. */
public final class WritesSnapshots {
    private static final int ELEMENTS = 400_000;

    private WritesSnapshots() {}

    /** The file and the first number. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        for (int n = Integer.parseInt(args[1]); ; n++) {
            snapshot(n).write(file);
        }
    }

    static Snapshot snapshot(int n) {
        Map<String, Parameter> model = Map.of("n", Parameter.of((double) n));
        return Snapshot.of(model)
                .with("n", Integer.toString(n))
                .with("many", NDArray.full(n, DType.F64, Shape.of(ELEMENTS)));
    }

    /** The number of which a snapshot is made; fails if it is made of several. */
    static int number(Snapshot snapshot) {
        int n = Integer.parseInt(snapshot.text("n"));
        NDArray many = NDArray.full(n, DType.F64, Shape.of(ELEMENTS));
        boolean isWhole = snapshot.array("many").equals(many)
                && snapshot.parameters().equals(Map.of("n", NDArray.of((double) n)));
        if (!isWhole) {
            throw new AssertionError("of several: " + n);
        }
        return n;
    }
}
