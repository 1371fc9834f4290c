package dev.clew.internal.compile.schedule;

import dev.clew.internal.compile.program.Program;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program cut into units, each to be computed by one record, in an order in which every unit comes after what it needs.
 * Leaves, literals and mere views of other nodes belong to no unit.
 */
public record Schedule(Program program, List<Unit> units) {

    /** Nodes computed together, ascending. Either one node, or elementwise nodes that share a loop. */
    @SuppressWarnings("ArrayRecordComponent")
    public // Never compared.
    record Unit(int[] members) {
        int first() {
            return members[0];
        }

        public int last() {
            return members[members.length - 1];
        }

        /** {@code {%3 = times (2, 4) f64; %4 = tanh (2, 4) f64}}. */
        String describe(Program program) {
            return Arrays.stream(members)
                    .mapToObj(member ->
                            "%" + member + " = " + program.node(member).describe())
                    .collect(Collectors.joining("; ", "{", "}"));
        }
    }

    /** The units, a line for each. */
    public String describe() {
        return units.stream().map(unit -> unit.describe(program)).collect(Collectors.joining("\n"));
    }

    /** The unit of every node, or -1. */
    public int[] unitOf() {
        int[] unitOf = new int[program.size()];
        Arrays.fill(unitOf, -1);
        for (int unit = 0; unit < units.size(); unit++) {
            for (int member : units.get(unit).members()) {
                unitOf[member] = unit;
            }
        }
        return unitOf;
    }
}
