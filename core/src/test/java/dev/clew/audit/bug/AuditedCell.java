package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A recurrent cell whose gradient is written by hand, beside the same forward pass as a graph. */
public interface AuditedCell {
    /** Every cell that has bugs. */
    static List<AuditedCell> all() {
        return List.of(
                ZoneoutRnn.squared(),
                ZoneoutRnn.crossEntropy(),
                Lstm.plain(),
                Lstm.withPeepholes(),
                Gru.resetBefore(),
                Gru.resetAfter(),
                Gru.stacked(2),
                new MinGru(),
                new Bidirectional(),
                new Slstm(),
                new DeltaRule(),
                new Spiking());
    }

    /** What it is. */
    String name();

    /** Random numbers, f64, for all that it needs: parameters, initial states, inputs, masks, targets. */
    Map<String, NDArray> point(long seed);

    /** The forward pass as a graph. */
    Unrolled model(Map<String, Tensor> point);

    /** The mistakes that it can make. */
    List<Bug> bugs();

    /** Forward and backward by hand, with the lines that the switches choose. */
    ByHand run(Map<String, NDArray> point, Switches on);

    /** Forward and backward by hand, with some mistakes made together; without any, the right gradient. */
    default ByHand run(Map<String, NDArray> point, Set<Bug> bugs) {
        return run(point, Switches.of(bugs));
    }

    /** The mistake of a name. */
    default Bug bug(String name) {
        return bugs().stream()
                .filter(bug -> bug.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(name() + " has no bug \"" + name + "\"; it has " + bugs()));
    }
}
