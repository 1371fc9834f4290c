package dev.clew.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.DType;
import dev.clew.formula.Formula;
import dev.clew.runtime.Cluster.Output;
import dev.clew.runtime.Cluster.Step;
import dev.clew.runtime.Cluster.Stream;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Unary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of a kernel writes what the plain walk gives, bit by bit, and nothing else. */
final class KernelTest {

    /** The forms of a kernel there are on this machine, by name. */
    static Map<String, Kernel> forms(Cluster cluster) {
        Map<String, Kernel> forms = new LinkedHashMap<>();
        forms.put("plain", Kernel.plain(cluster));
        return forms;
    }

    static void assertRight(Cluster cluster, boolean inPlace, long seed) {
        ClusterMemory memory = ClusterMemory.of(cluster, inPlace, seed);
        forms(cluster).forEach((name, kernel) -> memory.assertRight(name, kernel, 0, cluster.rows()));
    }

    // ------------------------------------------------------------------------------------------------- every formula

    static Cluster one(Formula formula, DType type, DType result, int rows, int columns) {
        ImmutableIntArray operands = formula.arity() == 1 ? ImmutableIntArray.of(0) : ImmutableIntArray.of(0, 1);
        Stream stream = new Stream(type, columns, 1);
        return new Cluster(
                rows,
                columns,
                operands.stream().mapToObj(i -> stream).collect(ImmutableList.toImmutableList()),
                ImmutableList.of(new Step.Apply(formula, type, result, operands)),
                ImmutableList.of(new Output(formula.arity(), new Stream(result, columns, 1))));
    }

    @ParameterizedTest
    @EnumSource
    void everyUnaryRowIsTheWalks(Unary row) {
        boolean isQuestion = row == Unary.IS_NAN || row == Unary.IS_FINITE;
        for (DType type : row == Unary.NOT ? new DType[] {DType.BOOL} : new DType[] {DType.F32, DType.F64}) {
            DType result = isQuestion ? DType.BOOL : type;
            assertRight(one(row.formula(), type, result, 1, 1201), false, 1);
            assertRight(one(row.formula(), type, type, 3, 7), true, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyBinaryRowIsTheWalks(Binary row) {
        boolean isLogic = row == Binary.AND || row == Binary.OR || row == Binary.XOR;
        boolean isQuestion = row.name().contains("EQUAL") || row == Binary.LESS;
        for (DType type : isLogic ? new DType[] {DType.BOOL} : new DType[] {DType.F32, DType.F64, DType.I32}) {
            if (type == DType.I32 && row != Binary.PLUS && row != Binary.TIMES && !isQuestion) {
                continue;
            }
            assertRight(one(row.formula(), type, isQuestion ? DType.BOOL : type, 1, 1801), false, 3);
        }
    }

    // ----------------------------------------------------------------------------------------------- random clusters

    @Provide
    Arbitrary<ClusterDraft> drafts() {
        return ClusterDraft.drafts();
    }

    @Property(tries = 400)
    void anyClusterIsTheWalks(@ForAll("drafts") ClusterDraft draft, @ForAll long seed) {
        Cluster cluster = draft.cluster();
        assertRight(cluster, seed % 2 == 0 && !cluster.hasReductions(), seed);
    }

    @Property(tries = 100)
    void someOfTheRowsAreThoseRows(@ForAll("drafts") ClusterDraft draft, @ForAll long seed) {
        Cluster cluster = draft.cluster();
        ClusterMemory memory = ClusterMemory.of(cluster, false, seed);
        int from = (int) Math.floorMod(seed, cluster.rows() + 1L);
        forms(cluster).forEach((name, kernel) -> memory.assertRight(name, kernel, from, cluster.rows()));
        forms(cluster).forEach((name, kernel) -> memory.assertRight(name, kernel, 0, from));
    }

    // ------------------------------------------------------------------------------------------------------ examples

    static Step apply(Binary row, DType type, int a, int b) {
        return new Step.Apply(row.formula(), type, type, ImmutableIntArray.of(a, b));
    }

    static Step apply(Unary row, DType type, int a) {
        return new Step.Apply(row.formula(), type, type, ImmutableIntArray.of(a));
    }

    /** e^(x − max x) / Σ e^(x − max x). */
    static Cluster softmax(DType type, int rows, int columns) {
        Stream stream = new Stream(type, columns, 1);
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream),
                ImmutableList.of(
                        new Step.Max(type, 0),
                        apply(Binary.MINUS, type, 0, 1),
                        apply(Unary.EXP, type, 2),
                        new Step.Sum(type, 3),
                        apply(Binary.DIV, type, 3, 4)),
                ImmutableList.of(new Output(5, stream)));
    }

    /** (x − mean)·gain/√(variance + ε) + bias, and the mean and 1/√(variance + ε) of every row. */
    static Cluster layerNorm(DType type, int rows, int columns) {
        Stream stream = new Stream(type, columns, 1);
        Stream shared = new Stream(type, 0, 1);
        Stream perRow = new Stream(type, 1, 0);
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream, shared, shared),
                ImmutableList.of(
                        new Step.Constant(type, 1.0 / columns),
                        new Step.Constant(type, 1e-5),
                        new Step.Sum(type, 0),
                        apply(Binary.TIMES, type, 5, 3),
                        apply(Binary.MINUS, type, 0, 6),
                        apply(Unary.SQUARE, type, 7),
                        new Step.Sum(type, 8),
                        apply(Binary.TIMES, type, 9, 3),
                        apply(Binary.PLUS, type, 10, 4),
                        apply(Unary.RSQRT, type, 11),
                        apply(Binary.TIMES, type, 7, 12),
                        apply(Binary.TIMES, type, 13, 1),
                        apply(Binary.PLUS, type, 14, 2)),
                ImmutableList.of(new Output(15, stream), new Output(6, perRow), new Output(12, perRow)));
    }

    @Test
    void aSoftmaxOfAnyWidthIsTheWalks() {
        for (int columns : new int[] {1, 2, 15, 16, 17, 65, 256, 257, 1000}) {
            assertRight(softmax(DType.F32, 5, columns), false, columns);
            assertRight(softmax(DType.F64, 5, columns), false, columns);
        }
    }

    @Test
    void aLayerNormOfAnyWidthIsTheWalks() {
        for (int columns : new int[] {1, 3, 16, 31, 64, 255, 600}) {
            assertRight(layerNorm(DType.F32, 4, columns), false, columns);
            assertRight(layerNorm(DType.F64, 4, columns), false, columns);
        }
    }

    @Test
    void theExponentialsOfALongSoftmaxAreParkedInItsResult() {
        assertThat(new ClusterPasses(softmax(DType.F32, 1, 600)).passes().get(1).parked())
                .containsExactly(new ClusterPasses.Parked(3, 0, 1, 2));
    }

    @Test
    void anEmptyRowSumsToZero() {
        Cluster cluster = new Cluster(
                3,
                0,
                ImmutableList.of(new Stream(DType.F64, 0, 1)),
                ImmutableList.of(new Step.Sum(DType.F64, 0)),
                ImmutableList.of(new Output(1, new Stream(DType.F64, 1, 0))));
        forms(cluster).forEach((name, kernel) -> {
            MemorySegment memory = MemorySegment.ofArray(new double[] {7, 7, 7, 7});
            kernel.run(memory, new long[] {0, 8}, 0, 3);
            assertThat((double[]) memory.heapBase().orElseThrow()).as(name).containsExactly(7, 0, 0, 0);
        });
    }

    @Test
    void anElementARowMustBeOfTheRow() {
        Cluster cluster = new Cluster(
                2,
                3,
                ImmutableList.of(new Stream(DType.F64, 3, 1)),
                ImmutableList.of(),
                ImmutableList.of(new Output(0, new Stream(DType.F64, 1, 0))));
        assertThatThrownBy(() -> Kernel.plain(cluster))
                .hasMessage("cluster: an output with one element a row, of value 0, which has one for every column");
    }

    // ------------------------------------------------------------------------------------------------------- no waste

    @Test
    void aRunAllocatesNothing() {
        Map<String, Cluster> clusters = Map.of(
                "tanh", one(Unary.TANH.formula(), DType.F32, DType.F32, 8, 128),
                "softmax", softmax(DType.F64, 4, 65),
                "layer norm", layerNorm(DType.F32, 4, 300));
        try (Arena arena = Arena.ofConfined()) {
            clusters.forEach((what, cluster) -> forms(cluster).forEach((name, kernel) -> {
                MemorySegment memory = arena.allocate(1 << 16, 64);
                long[] offsets = {0, 1 << 12, 1 << 13, 1 << 14, 3 << 14, 60_000};
                long least = Long.MAX_VALUE;
                for (int i = 0; i < 200 && least > 0; i++) {
                    long before = KernelAllocation.bytes();
                    for (int run = 0; run < 50; run++) {
                        kernel.run(memory, offsets, 0, cluster.rows());
                    }
                    least = Math.min(least, KernelAllocation.bytes() - before);
                }
                assertThat(least).as(what + " " + name).isZero();
            }));
        }
    }
}
