package dev.clew.examples.benchmark.job;

import dev.clew.array.NDArray;
import java.util.List;
import java.util.stream.IntStream;

/** What a network of characters reads. */
public enum Text {
    /** A, B, C, ... and from the last symbol to the first again. */
    ALPHABET {
        @Override
        List<NDArray> letters(int count, int batch, int symbols) {
            return IntStream.range(0, count)
                    .mapToObj(t -> NDArray.of(
                            IntStream.generate(() -> t % symbols).limit(batch).toArray()))
                    .toList();
        }
    },
    /** The word "hello" in a batch of one, its symbols numbered in their order. */
    HELLO {
        @Override
        List<NDArray> letters(int count, int batch, int symbols) {
            return IntStream.of(0, 1, 2, 2, 3)
                    .limit(count)
                    .mapToObj(symbol -> NDArray.of(new int[] {symbol}))
                    .toList();
        }
    },
    /** Symbols from a fixed key, each as likely as the others. */
    RANDOM {
        @Override
        List<NDArray> letters(int count, int batch, int symbols) {
            return Fixed.labels(count, batch, symbols);
        }
    };

    /** The symbols at every position, i32. Shapes: per position (batch). */
    abstract List<NDArray> letters(int count, int batch, int symbols);
}
