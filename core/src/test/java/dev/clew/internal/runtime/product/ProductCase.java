package dev.clew.internal.runtime.product;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Suppliers;
import dev.clew.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A product in a memory of its own: a, b and c in any order, at any element, up to the very end of the memory; and what all of
 * that memory is afterwards, by the definition of a product.
 */
final class ProductCase {
    private static final double[] SPECIAL = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1,
        -1,
        Float.MAX_VALUE,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL
    };

    final Product.Spec spec;
    final double[] numbers;
    private final Supplier<double[]> expected = Suppliers.memoize(this::byDefinition);
    private final int a;
    private final int b;
    private final int c;

    ProductCase(Product.Spec spec, Random random, boolean special) {
        this.spec = spec;
        int[] lengths = {
            length(spec.transposeA(), spec.m(), spec.k(), spec.strideA()),
            length(spec.transposeB(), spec.k(), spec.n(), spec.strideB()),
            length(false, spec.m(), spec.n(), spec.strideC())
        };
        int[] starts = new int[lengths.length];
        int end = 0;
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(order, random);
        for (int operand : order) {
            starts[operand] = end + random.nextInt(4);
            end = starts[operand] + lengths[operand];
        }
        a = starts[0];
        b = starts[1];
        c = starts[2];
        numbers = new double[end];
        Arrays.setAll(numbers, _ -> round(special ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian()));
    }

    private static int length(boolean transposed, int rows, int columns, int stride) {
        int lines = transposed ? columns : rows;
        // A plan keeps no memory for an operand without elements, so it may end where that begins.
        return rows == 0 || columns == 0 ? 0 : (lines - 1) * stride + (transposed ? rows : columns);
    }

    private boolean wide() {
        return spec.type() == DType.F64;
    }

    private double round(double number) {
        return wide() ? number : (float) number;
    }

    double left(int i, int p) {
        return numbers[a + (spec.transposeA() ? p * spec.strideA() + i : i * spec.strideA() + p)];
    }

    double right(int p, int j) {
        return numbers[b + (spec.transposeB() ? j * spec.strideB() + p : p * spec.strideB() + j)];
    }

    /** All of memory after the product; to be read only. */
    double[] expected() {
        return expected.get();
    }

    private double[] byDefinition() {
        double[] all = numbers.clone();
        for (int i = 0; i < spec.m(); i++) {
            for (int j = 0; j < spec.n(); j++) {
                int at = c + i * spec.strideC() + j;
                all[at] = spec.start() == Product.Start.NOTHING ? 0 : numbers[at];
                for (int from = 0; from < spec.k(); from += 256) {
                    boolean adds = from > 0 || spec.start() == Product.Start.SUM;
                    double block = block(i, j, from, Math.min(from + 256, spec.k()), adds ? 0 : all[at]);
                    all[at] = adds ? round(all[at] + block) : block;
                }
            }
        }
        return all;
    }

    private double block(int i, int j, int from, int to, double begun) {
        double sum = begun;
        for (int p = from; p < to; p++) {
            sum = wide()
                    ? Math.fma(left(i, p), right(p, j), sum)
                    : Math.fma((float) left(i, p), (float) right(p, j), (float) sum);
        }
        return sum;
    }

    /** The product's elements, row by row, of what memory holds. */
    double[] result(double[] all) {
        double[] elements = new double[spec.m() * spec.n()];
        Arrays.setAll(elements, i -> all[c + i / spec.n() * spec.strideC() + i % spec.n()]);
        return elements;
    }

    /** Runs a product in so many parts, the last one first; gives all of memory but the packed operand. */
    double[] run(Product product, int parts) {
        long bytes = spec.type().bytes();
        try (Arena arena = Arena.ofConfined()) {
            long packed = Math.ceilDiv(product.packedBytes(), 64) * 64;
            MemorySegment memory =
                    arena.allocate(packed + numbers.length * bytes + 1, 64).asSlice(0, packed + numbers.length * bytes);
            for (int i = 0; i < numbers.length; i++) {
                set(memory, packed + i * bytes, numbers[i]);
            }
            product.pack(memory, packed + b * bytes, 0);
            long right = product.packedBytes() > 0 ? 0 : packed + b * bytes;
            for (int part = parts - 1; part >= 0; part--) {
                product.run(memory, packed + a * bytes, right, packed + c * bytes, part, parts);
            }
            double[] all = new double[numbers.length];
            Arrays.setAll(all, i -> get(memory, packed + i * bytes));
            return all;
        }
    }

    void check(Product product, int parts, String form) {
        double[] expected = expected();
        double[] found = run(product, parts);
        int at = Arrays.mismatch(expected, found); // as Double.equals: any NaN equals any NaN, 0.0 is not -0.0
        assertThat(at)
                .as(() -> form + ", " + parts + " parts, " + spec + ": at " + at + " (c begins at " + c + ") "
                        + found[at] + " instead of " + expected[at])
                .isEqualTo(-1);
    }

    private double get(MemorySegment memory, long at) {
        return wide()
                ? memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at)
                : memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
    }

    private void set(MemorySegment memory, long at, double number) {
        if (wide()) {
            memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, number);
        } else {
            memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) number);
        }
    }
}
