package dev.clew.nn.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** What somebody who wrote a name that does not exist may have meant. */
public final class Nearest {
    private Nearest() {}

    /** The name that is nearest to another, if it is near. */
    public static Optional<String> of(Collection<String> names, String name) {
        return names.stream()
                .min(Comparator.comparingInt(each -> distance(each, name)))
                .filter(each -> distance(each, name) <= Math.max(2, name.length() / 3));
    }

    /** How many letters must be inserted, removed or replaced (Levenshtein, 1966). */
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
