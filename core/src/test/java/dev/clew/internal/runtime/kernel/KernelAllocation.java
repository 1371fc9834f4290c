package dev.clew.internal.runtime.kernel;

import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Unary;
import dev.clew.testing.Patience;
import dev.clew.testing.Tries;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs kernels until a run allocates nothing, and fails if that does not come, or if their results are then not right. */
public final class KernelAllocation {
    private static final MethodHandle BYTES = find();

    private KernelAllocation() {}

    /** The module under test does not read jdk.management, so it is found by name. */
    private static MethodHandle find() {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return MethodHandles.publicLookup()
                    .findVirtual(
                            Class.forName("com.sun.management.ThreadMXBean"),
                            "getCurrentThreadAllocatedBytes",
                            MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("allocation cannot be measured", missing);
        }
    }

    /** How much this thread has allocated. */
    public static long bytes() {
        try {
            return (long) BYTES.invokeExact();
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    /** Does something until it allocates nothing, and fails if that does not come. */
    public static void awaitNone(String what, Runnable something) {
        Patience.await("bytes that " + what + " allocate", () -> {
            long before = bytes();
            something.run();
            return bytes() - before;
        });
    }

    public static void main(String[] arguments) throws Throwable {
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        clusters.put("tanh", ClusterExamples.one(TensorAccess.get().formula(Unary.TANH), DType.F32, DType.F32, 8, 128));
        clusters.put("softmax", ClusterExamples.softmax(DType.F64, 4, 65));
        clusters.put("layer norm", ClusterExamples.layerNorm(DType.F32, 4, 300));
        clusters.put("gates", ClusterExamples.gates(DType.F32, 4, 100));
        clusters.put("medley", ClusterExamples.medley(DType.F32, 7, 53));
        for (Map.Entry<String, Cluster> example : clusters.entrySet()) {
            requireNone(example.getKey() + ", plain", Kernel.plain(example.getValue()), example.getValue());
            if (Kernel.vector(example.getValue()).isPresent()) {
                Kernel kernel = Kernel.vector(example.getValue()).orElseThrow();
                requireNone(example.getKey() + ", vector", kernel, example.getValue());
                requireRight(kernel, example.getValue());
            }
        }
        ColumnSum sum = new ColumnSum(DType.F32, 20, 100, 100);
        requireNone("column sum, plain", KernelColumns.plain(sum));
        if (KernelColumns.vector(sum).isPresent()) {
            requireNone("column sum, vector", KernelColumns.vector(sum).orElseThrow());
        }
    }

    private static void requireNone(String what, KernelColumns sum) throws Throwable {
        Cluster cluster = ClusterExamples.one(TensorAccess.get().formula(Unary.TANH), DType.F32, DType.F32, 20, 100);
        requireNone(what, (memory, offsets, from, to) -> sum.run(memory, offsets[0], offsets[1], 0, 100), cluster);
    }

    /** What is compiled by now gives what the plain walk gives. */
    private static void requireRight(Kernel kernel, Cluster cluster) {
        for (int seed = 0; seed < Tries.times(20); seed++) {
            ClusterMemory.of(cluster, false, seed).assertRight("compiled, seed " + seed, kernel, 0, cluster.rows());
        }
    }

    private static void requireNone(String what, Kernel kernel, Cluster cluster) throws Throwable {
        long[] offsets = new long[cluster.inputs().size() + cluster.outputs().size()];
        Arrays.setAll(offsets, i -> (long) i << 14);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) (offsets.length + 1) << 14, 64);
            awaitNone("50 runs of " + what, () -> {
                for (int run = 0; run < 50; run++) {
                    kernel.run(memory, offsets, 0, cluster.rows());
                }
            });
        }
    }
}
