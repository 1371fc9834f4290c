package dev.clew.internal.runtime;

/** An axis cut into {@code count} pieces as evenly as can be: the first {@code longer} have {@code length + 1}, the others {@code length}. */
public record Split(int count, int length, int longer) {

    /** The fewest pieces of at most {@code most}; a total of 0 has none. */
    public static Split atMost(int most, int total) {
        int count = Math.ceilDiv(total, most);
        return count == 0 ? new Split(0, 0, 0) : new Split(count, total / count, total % count);
    }

    /** As {@link #atMost}, but in equal pieces of at least {@code least} if there is a way to. */
    public static Split equally(int least, int most, int total) {
        for (int length = most; length >= least; length--) {
            if (total % length == 0) {
                return new Split(total / length, length, 0);
            }
        }
        return atMost(most, total);
    }

    public int start(int piece) {
        return piece * length + Math.min(piece, longer);
    }

    public int length(int piece) {
        return piece < longer ? length + 1 : length;
    }

    /** The longest piece. */
    public int most() {
        return longer > 0 ? length + 1 : length;
    }

    /** The first piece of a part, when the pieces are dealt to {@code parts} evenly; the last is where the next part begins. */
    public static int share(int pieces, int part, int parts) {
        return (int) ((long) pieces * part / parts);
    }
}
