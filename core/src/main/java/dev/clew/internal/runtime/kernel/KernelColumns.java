package dev.clew.internal.runtime.kernel;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.VectorForms;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A sum over rows that can be run. Immutable, and safe to share between threads. */
public interface KernelColumns {

    /**
     * yⱼ = Σᵢ xᵢⱼ in the one order of sums, {@link BlockSum}.
     *
     * @param type f64 or f32
     * @param rowStride how many elements apart rows of x lie
     */
    @Immutable
    record ColumnSum(DType type, int rows, int columns, int rowStride) {
        public ColumnSum {
            if (!type.isFloating()) {
                throw new IllegalArgumentException("column sum of " + type + ": it must be f64 or f32");
            }
        }
    }

    /** The plain form: fast from the first call. */
    static KernelColumns plain(ColumnSum sum) {
        if (sum.rows() > BlockSum.BLOCK) {
            return new KernelColumnBlocks(sum, KernelColumns::plain);
        }
        return (memory, x, y, fromColumn, toColumn) -> {
            KernelWorker worker = KernelWorker.take();
            try {
                worker.columnSum(sum, memory, x, y, fromColumn, toColumn);
            } finally {
                worker.release();
            }
        };
    }

    /** The generated form, with the same bits, under the conditions of {@link Kernel#vector}. */
    static Optional<KernelColumns> vector(ColumnSum sum) {
        boolean isWide = Machine.VECTOR_BITS >= KernelVector.FEWEST * sum.type().bytes() * Byte.SIZE;
        return isWide
                ? VectorForms.of(() -> Optional.of(KernelColumnsCode.of(sum, Machine.VECTOR_BITS)))
                : Optional.empty();
    }

    /** Computes the columns {@code fromColumn .. toColumn − 1}, of x and y that begin at these bytes of the memory. */
    void run(MemorySegment memory, long x, long y, int fromColumn, int toColumn);

    /** What its generated code is to be tried on before it is fast. */
    default List<Trial> trials() {
        return List.of();
    }
}
