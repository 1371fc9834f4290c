package dev.clew.internal.runtime.tune;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.kernel.Cluster;

/**
 * What a record would take on a core at its peak: the longer of computing, two vector operations a cycle, and of moving, half a
 * cache line a cycle; and handing over. A cycle is taken as 1/4 ns. A record that takes several times as long deserves a look.
 */
public final class Estimate {
    private static final double CYCLES_PER_NANO = 4;
    private static final double OPERATIONS_PER_CYCLE = 2;
    private static final double BYTES_PER_CYCLE = 32;
    private static final double HANDING_OVER_NANOS = 20;
    /** The machine's vectors; the shortest there are, if it has none. */
    private static final int BITS = Math.max(Machine.VECTOR_BITS, Machine.LEAST_BITS);

    private Estimate() {}

    /**
     * Nanoseconds of a record.
     *
     * @param operations on single elements; a multiplication with an addition is one
     * @param type of the elements
     * @param bytes read and written
     */
    public static double nanos(long operations, DType type, long bytes) {
        double computing = operations * (double) type.bytes() * Byte.SIZE / BITS / OPERATIONS_PER_CYCLE;
        return HANDING_OVER_NANOS + Math.max(computing, bytes / BYTES_PER_CYCLE) / CYCLES_PER_NANO;
    }

    /** The operations of a loop. */
    public static long operations(Cluster cluster) {
        long perElement = 0;
        for (Cluster.Step step : cluster.steps()) {
            perElement += switch (step) {
                case Cluster.Step.Apply apply ->
                    apply.formula().steps(apply.precision()).size()
                            - apply.formula().arity();
                case Cluster.Step.Add add -> add.operands().length() - 1;
                case Cluster.Step.Sum _, Cluster.Step.Max _, Cluster.Step.Cast _ -> 1;
                case Cluster.Step.Constant _ -> 0;
            };
        }
        return perElement * cluster.rows() * cluster.columns();
    }
}
