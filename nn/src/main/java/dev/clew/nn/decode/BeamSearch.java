package dev.clew.nn.decode;

import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * The most probable sequences that a model can write, as far as a beam can see: {@code BeamSearch.of(8, 40).withEnd(end)}.
 *
 * <p>At every step, all tokens are tried after all sequences of the beam, and the most probable ones of these are the next beam. Those
 * that wrote the end token leave it, and it is narrower by them from then on (Sutskever, Vinyals and Le: Sequence to Sequence Learning,
 * 2014). So a width of 1 takes the most probable token at every step, as {@link Sampler#greedy} does, and a beam as wide as there are
 * sequences finds the best of all. It ends when the beam is empty, when it has written as many tokens as it may, or when nothing in it
 * can become better than what was found. Of equal sequences, that of the better beginning is first, and then that of the lower token.
 *
 * <p>Sequences are ranked by ln p, which prefers short ones, or by ln p/((5 + n)/6)^α of n tokens, the end among them (Wu et al.:
 * Google's Neural Machine Translation System, 2016); α is about 0.6 there.
 *
 * <p>All sequences of the beam are one batch, of which the state is put in order by {@code gather}: one plan serves all steps.
 *
 * @param width of the beam, 1 or more
 * @param most tokens that are written, 1 or more
 * @param end the token that ends a sequence
 * @param lengthPenalty α, 0 or more
 * @param count how many sequences are wanted
 */
public record BeamSearch(int width, int most, OptionalInt end, double lengthPenalty, int count) {
    /** Checks the numbers. */
    public BeamSearch {
        Present.require("beamSearch", end);
        if (width < 1 || most < 1 || count < 1) {
            throw new IllegalArgumentException("beamSearch of width " + width + " over " + most + " tokens for " + count
                    + " sequences: each of these is 1 or more");
        }
        if (!(lengthPenalty >= 0) || Double.isInfinite(lengthPenalty)) {
            throw new IllegalArgumentException("beamSearch with the length penalty " + lengthPenalty
                    + ": it is an exponent, finite, and 0 or more; 0 is none");
        }
    }

    /** For the best sequence of so many tokens, none of which is an end. */
    public static BeamSearch of(int width, int most) {
        return new BeamSearch(width, most, OptionalInt.empty(), 0, 1);
    }

    /** With a token that ends a sequence. */
    public BeamSearch withEnd(int token) {
        return new BeamSearch(width, most, OptionalInt.of(token), lengthPenalty, count);
    }

    /** With a penalty for short sequences. */
    public BeamSearch withLengthPenalty(double exponent) {
        return new BeamSearch(width, most, end, exponent, count);
    }

    /** For several sequences; there are never more than the beam is wide. */
    public BeamSearch withCount(int wanted) {
        return new BeamSearch(width, most, end, lengthPenalty, wanted);
    }

    /** A sequence of the beam, or one that may be. */
    private record Partial(int parent, IntTuple tokens, double logProbability) {}

    /**
     * The best sequences after what was read, the best first.
     *
     * @param from of one sequence: logits (1, classes)
     * @throws IllegalArgumentException if it is of several, or logits are NaN or ∞
     */
    public <S> List<Hypothesis> search(Decoder<S> decoder, Decoder.Reading<S> from) {
        Present.require("search", decoder, from);
        requireOne(from);
        List<Hypothesis> found = new ArrayList<>();
        Decoder.Reading<S> reading = from;
        List<Partial> beam = List.of(new Partial(0, IntTuple.of(), 0));
        for (int n = 1; !beam.isEmpty(); n++) {
            List<Partial> next = new ArrayList<>();
            for (Partial each : best(reading.logits(), beam, width - found.size())) {
                boolean isWhole = n == most || each.tokens().get(n - 1) == end.orElse(-1);
                if (isWhole) {
                    found.add(whole(each));
                } else {
                    next.add(each);
                }
            }
            found.sort(Comparator.comparingDouble(Hypothesis::score).reversed());
            beam = isDone(found, next) ? List.of() : next;
            if (!beam.isEmpty()) {
                reading = read(decoder, reading.state(), beam);
            }
        }
        return List.copyOf(found.subList(0, Math.min(count, found.size())));
    }

    private static <S> void requireOne(Decoder.Reading<S> from) {
        if (from.logits().shape().rank() != 2 || from.logits().shape().length(0) != 1) {
            throw new IllegalArgumentException(
                    "search from logits " + from.logits().shape() + ": a beam starts from one sequence, (1, classes)");
        }
        for (Tensor part : States.tensors(from.state())) {
            if (part.shape().rank() == 0 || part.shape().length(0) != 1) {
                throw new IllegalArgumentException(
                        "search from a state with " + part.describe()
                                + ": the first axis of every tensor of a state is the batch, and a beam starts from one sequence");
            }
        }
    }

    private Hypothesis whole(Partial each) {
        return new Hypothesis(
                each.tokens(),
                each.logProbability(),
                each.logProbability() / penalty(each.tokens().length()));
    }

    private double penalty(int tokens) {
        return Math.pow((5 + tokens) / 6.0, lengthPenalty);
    }

    /** Nothing becomes more probable by going on, and the penalty helps no more than it does at the most tokens. */
    private boolean isDone(List<Hypothesis> found, List<Partial> beam) {
        return found.size() >= count
                && beam.stream()
                        .allMatch(each -> each.logProbability() / penalty(most)
                                <= found.get(count - 1).score());
    }

    /** A token after a sequence of the beam. */
    private record Candidate(double logProbability, int row, int token) {
        /** The best last; of equal ones, that of the first sequence, and then the first token. */
        static final Comparator<Candidate> ASCENDING = Comparator.comparingDouble(Candidate::logProbability)
                .thenComparing(Comparator.comparingInt(Candidate::row).reversed())
                .thenComparing(Comparator.comparingInt(Candidate::token).reversed());
    }

    /** The most probable continuations of a beam, the best first; what cannot be is none. */
    private static List<Partial> best(NDArray logits, List<Partial> beam, int room) {
        PriorityQueue<Candidate> kept = new PriorityQueue<>(Candidate.ASCENDING);
        for (int row = 0; row < beam.size(); row++) {
            double[] next = Rows.logProbabilities("search", logits, row);
            for (int token = 0; token < next.length; token++) {
                double all = beam.get(row).logProbability() + next[token];
                Candidate worst = kept.peek();
                boolean isBetter = worst == null || kept.size() < room || all > worst.logProbability();
                if (isBetter && all > Double.NEGATIVE_INFINITY) {
                    kept.add(new Candidate(all, row, token));
                }
                if (kept.size() > room) {
                    kept.remove();
                }
            }
        }
        List<Partial> best = new ArrayList<>();
        while (!kept.isEmpty()) {
            Candidate one = kept.remove();
            IntTuple tokens = beam.get(one.row()).tokens().plus(IntTuple.of(one.token()));
            best.add(new Partial(one.row(), tokens, one.logProbability()));
        }
        return best.reversed();
    }

    /** The beam is filled up with its first sequence: a plan belongs to one batch. */
    private <S> Decoder.Reading<S> read(Decoder<S> decoder, S state, List<Partial> beam) {
        int[] parents = new int[width];
        int[] tokens = new int[width];
        for (int row = 0; row < width; row++) {
            Partial one = beam.get(row < beam.size() ? row : 0);
            parents[row] = one.parent();
            tokens[row] = one.tokens().get(one.tokens().length() - 1);
        }
        Tensor order = Tensor.of(parents);
        List<Tensor> ordered =
                States.tensors(state).stream().map(each -> each.gather(order)).toList();
        return decoder.read(NDArray.of(tokens), States.withTensors(state, ordered));
    }
}
