package dev.clew.internal.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sums over rows have the bits of the plain walk in every form, and are written nowhere else. */
final class KernelColumnsTest {
    private static Map<String, KernelColumns> forms(ColumnSum sum) {
        Map<String, KernelColumns> forms = new LinkedHashMap<>();
        forms.put("plain", KernelColumns.plain(sum));
        for (int bits = 128; bits <= Machine.VECTOR_BITS; bits *= 2) {
            forms.put("vector " + bits, KernelColumnsCode.of(sum, bits));
        }
        return forms;
    }

    @Test
    void everyFormIsTheWalks() {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            for (int rows : new int[] {0, 1, 15, 16, 17, 50, 256, 257, 1023}) {
                for (int columns : new int[] {1, 7, 16, 33, 300}) {
                    check(new ColumnSum(type, rows, columns, columns + rows % 3), 0, columns);
                }
            }
            check(new ColumnSum(type, 37, 40, 40), 3, 29);
        }
    }

    private static void check(ColumnSum sum, int from, int to) {
        int bytes = sum.type().bytes();
        long y = 16 + (long) Math.max(sum.rows() * sum.rowStride(), 1) * bytes + 8;
        byte[] start = new byte[(int) y + sum.columns() * bytes + 100];
        SplittableRandom random = new SplittableRandom(sum.rows() * 1000L + sum.columns());
        random.nextBytes(start);
        MemorySegment heap = MemorySegment.ofArray(start);
        double[] numbers = new double[sum.rows() * sum.columns()];
        for (int i = 0; i < numbers.length; i++) {
            long at = 16 + ((long) i / sum.columns() * sum.rowStride() + i % sum.columns()) * bytes;
            double drawn = random.nextInt(50) == 0 ? ClusterMemory.draw(random) : random.nextDouble(-1, 1);
            ClusterMemory.set(heap, sum.type(), at, drawn);
            numbers[i] = ClusterMemory.get(heap, sum.type(), at);
        }
        NDArray x = NDArray.of(Shape.of(sum.rows(), sum.columns()), numbers).cast(sum.type());
        double[] expected = Tensor.of(x).sum(0).value().toDoubles();
        forms(sum).forEach((name, kernel) -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(start.length, 64);
                memory.copyFrom(heap);
                kernel.run(memory, 16, y, from, to);
                byte[] rest = start.clone();
                for (int j = from; j < to; j++) {
                    assertThat(ClusterMemory.get(memory, sum.type(), y + (long) j * bytes))
                            .as("%s: column %d of %s", name, j, sum)
                            .isEqualTo(Double.valueOf(expected[j]));
                }
                byte[] found = memory.toArray(ValueLayout.JAVA_BYTE);
                System.arraycopy(found, (int) y + from * bytes, rest, (int) y + from * bytes, (to - from) * bytes);
                assertThat(Arrays.mismatch(found, rest)).as("%s: %s", name, sum).isEqualTo(-1);
            }
        });
    }

    @Test
    void integersHaveNoColumnSum() {
        assertThatThrownBy(() -> new ColumnSum(DType.I32, 2, 2, 2))
                .hasMessage("column sum of i32: it must be f64 or f32");
    }
}
