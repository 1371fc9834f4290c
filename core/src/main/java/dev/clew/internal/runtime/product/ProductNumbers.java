package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a plain product does to numbers of a type: all that depends on it. Arrays are cast at once: what knows their type copies faster. The loops are what the compiler vectorizes, from 0 in all
 * arrays.
 */
enum ProductNumbers {
    F32 {
        @Override
        Object row(int length) {
            return new float[length];
        }

        @Override
        void load(MemorySegment memory, long from, Object row, int at, int count) {
            MemorySegment.copy(memory, FLOAT, from, (float[]) row, at, count);
        }

        @Override
        void store(Object row, MemorySegment memory, long to, int count) {
            MemorySegment.copy((float[]) row, 0, memory, FLOAT, to, count);
        }

        @Override
        void add(Object terms, Object sums) {
            add((float[]) terms, (float[]) sums);
        }

        private static void add(float[] terms, float[] sums) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] += terms[j];
            }
        }

        @Override
        void addProducts(Object factors, int factor, Object right, Object sums) {
            addProducts(((float[]) factors)[factor], (float[]) right, (float[]) sums);
        }

        private static void addProducts(float factor, float[] right, float[] sums) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] = Math.fma(factor, right[j], sums[j]);
            }
        }

        @Override
        void spread(Object from, int at, int count, Object to, int first, int step) {
            spread((float[]) from, at, count, (float[]) to, first, step);
        }

        private static void spread(float[] from, int at, int count, float[] to, int first, int step) {
            for (int i = 0; i < count; i++) {
                to[first + i * step] = from[at + i];
            }
        }
    },
    F64 {
        @Override
        Object row(int length) {
            return new double[length];
        }

        @Override
        void load(MemorySegment memory, long from, Object row, int at, int count) {
            MemorySegment.copy(memory, DOUBLE, from, (double[]) row, at, count);
        }

        @Override
        void store(Object row, MemorySegment memory, long to, int count) {
            MemorySegment.copy((double[]) row, 0, memory, DOUBLE, to, count);
        }

        @Override
        void add(Object terms, Object sums) {
            add((double[]) terms, (double[]) sums);
        }

        private static void add(double[] terms, double[] sums) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] += terms[j];
            }
        }

        @Override
        void addProducts(Object factors, int factor, Object right, Object sums) {
            addProducts(((double[]) factors)[factor], (double[]) right, (double[]) sums);
        }

        private static void addProducts(double factor, double[] right, double[] sums) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] = Math.fma(factor, right[j], sums[j]);
            }
        }

        @Override
        void spread(Object from, int at, int count, Object to, int first, int step) {
            spread((double[]) from, at, count, (double[]) to, first, step);
        }

        private static void spread(double[] from, int at, int count, double[] to, int first, int step) {
            for (int i = 0; i < count; i++) {
                to[first + i * step] = from[at + i];
            }
        }
    };

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    static ProductNumbers of(DType type) {
        return type == DType.F64 ? F64 : F32;
    }

    /** A Java array of the type. */
    abstract Object row(int length);

    abstract void load(MemorySegment memory, long from, Object row, int at, int count);

    abstract void store(Object row, MemorySegment memory, long to, int count);

    /** sums[j] += terms[j]. */
    abstract void add(Object terms, Object sums);

    /** sums[j] += factors[factor]·right[j], each rounded once. */
    abstract void addProducts(Object factors, int factor, Object right, Object sums);

    /** to[first + i·step] = from[at + i]. */
    abstract void spread(Object from, int at, int count, Object to, int first, int step);
}
