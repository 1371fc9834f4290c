package dev.clew.internal.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Which records go together, and in how many parts. Handing over costs a microsecond or two, and a little for every thread: so there
 * are as many parts as are worth it, and little work stays with the thread that asks.
 */
public final class Groups {
    /** What a part is to take at least, at the core's peak. */
    private static final double WORTH_NANOS = 5_000;

    private final List<Instruction> records;
    private final double[] nanos;
    private final List<Instruction> shared = new ArrayList<>();

    private Groups(List<Instruction> records, double[] nanos) {
        this.records = records;
        this.nanos = nanos;
    }

    /**
     * The same records with those together that can be and are worth it.
     *
     * @param nanos how long each takes, about
     * @param threads how many parts there are at most
     */
    public static List<Instruction> of(List<Instruction> records, double[] nanos, int threads) {
        Groups groups = new Groups(records, nanos);
        int from = 0;
        while (from < records.size()) {
            int to = from;
            while (to < records.size() && pieces(records.get(to)) > 1) {
                to++;
            }
            groups.group(from, to, groups.worth(from, to, threads));
            if (to < records.size()) {
                groups.shared.add(records.get(to));
            }
            from = to + 1;
        }
        return groups.shared;
    }

    /** Every record by itself, in parts if it is worth it. */
    public static List<Instruction> apart(List<Instruction> records, double[] nanos, int threads) {
        Groups groups = new Groups(records, nanos);
        for (int i = 0; i < nanos.length; i++) {
            groups.add(i, i + 1, groups.worth(i, i + 1, threads));
        }
        return groups.shared;
    }

    private static int pieces(Instruction record) {
        return record instanceof Divided divided ? divided.pieces() : 1;
    }

    /** How many parts of some records are worth being handed over, of at most so many. */
    private int worth(int from, int to, int most) {
        double sum = 0;
        int pieces = 1;
        for (int i = from; i < to; i++) {
            sum += nanos[i];
            pieces = Math.max(pieces, pieces(records.get(i)));
        }
        return Math.max(1, Math.min(Math.min(most, pieces), (int) Math.min(sum / WORTH_NANOS, Integer.MAX_VALUE)));
    }

    /** Cuts records, all of which can be divided, wherever a part would touch what another writes. */
    private void group(int from, int to, int parts) {
        if (parts < 2) {
            add(from, to, 1);
            return;
        }
        Places places = new Places();
        int start = from;
        for (int i = from; i < to; i++) {
            List<Reached> next = Reached.of((Divided) records.get(i), parts);
            if (!places.areFreeFor(next)) {
                end(start, i, parts);
                places = new Places();
                start = i;
            }
            next.forEach(places::add);
        }
        end(start, to, parts);
    }

    /** A group that is worth fewer parts is cut anew: in fewer, other ones may be together. */
    private void end(int from, int to, int parts) {
        int worth = worth(from, to, parts);
        if (worth == parts || worth == 1) {
            add(from, to, worth);
        } else {
            group(from, to, worth);
        }
    }

    private void add(int from, int to, int parts) {
        List<Instruction> some = records.subList(from, to);
        if (parts < 2) {
            shared.addAll(some);
        } else {
            shared.add(new SharedInstruction(
                    some.stream().map(Divided.class::cast).toList(), parts));
        }
    }
}
