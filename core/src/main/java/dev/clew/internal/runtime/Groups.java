package dev.clew.internal.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Which records go together, and in how many parts. Handing over costs a microsecond or two, and a little for every thread: so there
 * are as many parts as are worth it, and little work stays with the thread that asks.
 *
 * <p>More parts are not always faster: cut along another axis, or finer than there are tiles, records that could be together have to
 * wait for each other. So records that could be together in two parts are cut in more ways, and the one that should take least is taken.
 */
public final class Groups {
    /** What a part is to take at least, at the core's peak. */
    private static final double WORTH_NANOS = 5_000;

    /** What handing over to a thread takes, and what to every further one, as measured in work at the core's peak. */
    private static final double HAND_OVER_NANOS = 1_000;

    private static final double PER_THREAD_NANOS = 50;

    private final List<Instruction> records;
    private final double[] nanos;
    private final int[] pieces;
    private final int threads;

    private Groups(List<Instruction> records, double[] nanos, int threads) {
        this.records = records;
        this.nanos = nanos;
        this.threads = threads;
        this.pieces = records.stream()
                .mapToInt(record -> record instanceof Divided divided ? divided.pieces() : 1)
                .toArray();
    }

    /** Records from one up to another, each in so many parts; together, if there is more than one part. */
    private record Span(int from, int to, int parts) {}

    /**
     * The same records with those together that can be and are worth it.
     *
     * @param nanos how long each takes, about
     * @param threads how many parts there are at most
     */
    public static List<Instruction> of(List<Instruction> records, double[] nanos, int threads) {
        Groups groups = new Groups(records, nanos, threads);
        List<Span> spans = new ArrayList<>();
        int from = 0;
        while (from < records.size()) {
            int to = from;
            while (to < records.size() && groups.pieces[to] > 1) {
                to++;
            }
            groups.between(from, to, spans);
            if (to < records.size()) {
                spans.add(new Span(to, to + 1, 1));
            }
            from = to + 1;
        }
        return groups.made(spans);
    }

    /** Every record by itself, in parts if it is worth it. */
    public static List<Instruction> apart(List<Instruction> records, double[] nanos, int threads) {
        Groups groups = new Groups(records, nanos, threads);
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            spans.add(new Span(i, i + 1, groups.worth(i, i + 1, threads)));
        }
        return groups.made(spans);
    }

    /** How many parts of some records are worth being handed over, of at most so many. */
    private int worth(int from, int to, int most) {
        double sum = 0;
        int found = 1;
        for (int i = from; i < to; i++) {
            sum += nanos[i];
            found = Math.max(found, pieces[i]);
        }
        return Math.max(1, Math.min(Math.min(most, found), (int) Math.min(sum / WORTH_NANOS, Integer.MAX_VALUE)));
    }

    /** Groups of records all of which can be divided. */
    private void between(int from, int to, List<Span> spans) {
        if (worth(from, to, threads) < 2) {
            spans.add(new Span(from, to, 1));
            return;
        }
        List<Span> halves = new ArrayList<>();
        cut(from, to, 2, halves);
        for (Span half : halves) {
            if (half.parts < 2 || threads == 2) {
                spans.add(half);
            } else {
                spans.addAll(cheapest(half));
            }
        }
    }

    /** The best of some ways to cut what could be done in two parts. */
    private List<Span> cheapest(Span half) {
        List<Span> best = List.of(half);
        double least = nanos(best);
        for (int parts = worth(half.from, half.to, threads); parts > 2; parts = (parts + 1) / 2) {
            List<Span> spans = new ArrayList<>();
            cut(half.from, half.to, parts, spans);
            double now = nanos(spans);
            if (now < least) {
                best = spans;
                least = now;
            }
        }
        return best;
    }

    /** How long they should take. */
    private double nanos(List<Span> spans) {
        double sum = 0;
        for (Span span : spans) {
            double longest = 0;
            for (int part = 0; part < span.parts; part++) {
                longest = Math.max(longest, nanos(span, part));
            }
            sum += longest + (span.parts < 2 ? 0 : HAND_OVER_NANOS + (span.parts - 2) * PER_THREAD_NANOS);
        }
        return sum;
    }

    private double nanos(Span span, int part) {
        double sum = 0;
        for (int i = span.from; i < span.to; i++) {
            int own = Split.share(pieces[i], part + 1, span.parts) - Split.share(pieces[i], part, span.parts);
            sum += nanos[i] * own / pieces[i];
        }
        return sum;
    }

    /** Cuts records wherever a part would touch what another writes. */
    private void cut(int from, int to, int parts, List<Span> spans) {
        Places places = new Places();
        int start = from;
        for (int i = from; i < to; i++) {
            List<Reached> next = Reached.of((Divided) records.get(i), parts);
            if (!places.areFreeFor(next)) {
                end(start, i, parts, spans);
                places = new Places();
                start = i;
            }
            next.forEach(places::add);
        }
        end(start, to, parts, spans);
    }

    /** A group that is worth fewer parts is cut anew: in fewer, other ones may be together. */
    private void end(int from, int to, int parts, List<Span> spans) {
        int worth = worth(from, to, parts);
        if (worth == parts || worth == 1) {
            spans.add(new Span(from, to, worth));
        } else {
            cut(from, to, worth, spans);
        }
    }

    private List<Instruction> made(List<Span> spans) {
        List<Instruction> made = new ArrayList<>();
        for (Span span : spans) {
            List<Instruction> some = records.subList(span.from, span.to);
            if (span.parts < 2) {
                made.addAll(some);
            } else {
                made.add(new SharedInstruction(
                        some.stream().map(Divided.class::cast).toList(), span.parts));
            }
        }
        return made;
    }
}
