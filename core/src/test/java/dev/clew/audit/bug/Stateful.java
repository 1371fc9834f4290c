package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Code by hand that keeps something from one call to the next; its first call is right. */
public final class Stateful implements HandWritten {
    private final AuditedCell cell;
    private final Set<String> accumulated;
    private final boolean keepsCarry;
    private final Map<String, NDArray> before = new HashMap<>();
    private Map<List<String>, Carry> leftovers = new HashMap<>();

    private Stateful(AuditedCell cell, Set<String> accumulated, boolean keepsCarry) {
        this.cell = cell;
        this.accumulated = Set.copyOf(accumulated);
        this.keepsCarry = keepsCarry;
    }

    /** Some gradients are added to those of the calls before. */
    public static Stateful neverZeroed(AuditedCell cell, Set<String> gradients) {
        return new Stateful(cell, gradients, false);
    }

    /** What was handed to the initial states is what the next call begins with, as if more steps followed. */
    public static Stateful carryNeverReset(AuditedCell cell) {
        return new Stateful(cell, Set.of(), true);
    }

    @Override
    public ByHand run(Map<String, NDArray> point) {
        if (!keepsCarry) {
            leftovers = new HashMap<>();
        }
        ByHand own = cell.run(point, Switches.of(Set.of()).withLeftovers(leftovers));
        Map<String, NDArray> gradients = new LinkedHashMap<>(own.gradients());
        for (String name : accumulated) {
            gradients.merge(name, before.getOrDefault(name, zero(point, name)), Stateful::sum);
        }
        before.putAll(gradients);
        return new ByHand(gradients, own.adjoints(), own.activations(), own.loss());
    }

    private static NDArray zero(Map<String, NDArray> point, String name) {
        NDArray array = Draw.at(point, name);
        return NDArray.full(0, array.dtype(), array.shape());
    }

    private static NDArray sum(NDArray a, NDArray b) {
        double[] sum = a.toDoubles();
        double[] more = b.toDoubles();
        Arrays.setAll(sum, i -> sum[i] + more[i]);
        return NDArray.of(a.shape(), sum);
    }
}
