package dev.clew.audit.bug;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A wrong recurrent gradient that was released, rebuilt.
 *
 * @param reference repository and thread
 * @param cell which of ours has its mistake
 * @param bugs what is wrong together
 * @param what in one sentence, and where ours is not the same
 */
public record ShippedBug(String reference, AuditedCell cell, Set<Bug> bugs, String what) {
    public ShippedBug {
        bugs = Set.copyOf(bugs);
    }

    /** Those that the plan of the audit cites. */
    public static List<ShippedBug> all() {
        return Stream.of(axon(), flux(), mxnet(), others())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ShippedBug> axon() {
        String order = "The derivative of the loop goes through the steps in forward order, for LSTM and GRU.";
        String products = "The same, for every loss by itself: the Jacobian of the earliest step is multiplied first.";
        return List.of(
                of("elixir-nx/axon #644", Lstm.plain(), order, Backwards.SWEPT_FORWARD),
                of("elixir-nx/axon #644", Gru.resetAfter(), order, Backwards.SWEPT_FORWARD),
                of("elixir-nx/axon #644", Lstm.plain(), products, Backwards.FORWARD_ORDER),
                of("elixir-nx/axon #644", Gru.resetAfter(), products, Backwards.FORWARD_ORDER));
    }

    private static List<ShippedBug> flux() {
        return List.of(of(
                "FluxML/Flux.jl #2185",
                ZoneoutRnn.squared(),
                "Every step's gradient is that of this step alone; the initial state has none. Theirs has no mask.",
                Backwards.NO_RECURRENT_PATH,
                Backwards.INITIAL_DROPPED));
    }

    private static List<ShippedBug> mxnet() {
        return List.of(
                of(
                        "apache/mxnet #18203",
                        Gru.stacked(3),
                        "The input weights of the middle layer see its output for its input, as the pull request says.",
                        GruBugs.OWN_OUTPUT + "2"),
                of(
                        "apache/mxnet #18203, as cited",
                        Gru.stacked(3),
                        "The gradients of the input weights of the middle layer are assigned, not added up.",
                        SumBugs.assigned("Wz2"),
                        SumBugs.assigned("Wr2"),
                        SumBugs.assigned("Wn2")));
    }

    private static List<ShippedBug> others() {
        return List.of(
                of(
                        "lmnt-com/haste #43",
                        ZoneoutRnn.squared(),
                        "The backward pass has the first step's zoneout mask for every step.",
                        ZoneoutRnn.FIRST_MASK),
                of(
                        "ooples/AiDotNet #722",
                        Lstm.plain(),
                        "dh is set to 0 after every step; only the carry of the cell state goes on.",
                        Backwards.lost("h0")));
    }

    private static ShippedBug of(String reference, AuditedCell cell, String what, String... bugs) {
        return new ShippedBug(reference, cell, Stream.of(bugs).map(cell::bug).collect(Collectors.toSet()), what);
    }

    @Override
    public String toString() {
        return reference + ", " + cell + ": " + bugs;
    }
}
