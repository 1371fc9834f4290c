package dev.clew.internal.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Unary;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of a kernel writes what the plain walk gives, bit by bit, and nothing else. */
final class KernelTest {

    /** The forms of a kernel there are on this machine, by name. */
    static Map<String, Kernel> forms(Cluster cluster) {
        Map<String, Kernel> forms = new LinkedHashMap<>();
        forms.put("plain", Kernel.plain(cluster));
        for (int bits = 128; bits <= Machine.VECTOR_BITS; bits *= 2) {
            Optional<Kernel> vector = KernelVector.of(cluster, bits);
            if (vector.isPresent()) {
                forms.put("vector " + bits, vector.orElseThrow());
            }
        }
        return forms;
    }

    static void assertRight(Cluster cluster, boolean inPlace, long seed) {
        ClusterMemory memory = ClusterMemory.of(cluster, inPlace, seed);
        forms(memory.placed()).forEach((name, kernel) -> memory.assertRight(name, kernel, 0, cluster.rows()));
    }

    // ------------------------------------------------------------------------------------------------- every formula

    @ParameterizedTest
    @EnumSource
    void everyUnaryRowIsTheWalks(Unary row) {
        boolean isQuestion = row == Unary.IS_NAN || row == Unary.IS_FINITE;
        for (DType type : row == Unary.NOT ? new DType[] {DType.BOOL} : new DType[] {DType.F32, DType.F64}) {
            DType result = isQuestion ? DType.BOOL : type;
            assertRight(ClusterExamples.one(TensorAccess.get().formula(row), type, result, 1, 1201), false, 1);
            assertRight(ClusterExamples.one(TensorAccess.get().formula(row), type, type, 3, 7), true, 2);
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
            assertRight(
                    ClusterExamples.one(TensorAccess.get().formula(row), type, isQuestion ? DType.BOOL : type, 1, 1801),
                    false,
                    3);
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

    /** However small the parts are in which it is cut: some are of a single vector. */
    @Property(tries = 15)
    void anyClusterInPartsIsTheWalks(
            @ForAll("drafts") ClusterDraft draft, @ForAll long seed, @ForAll @IntRange(min = 1, max = 8000) int most) {
        Cluster cluster = draft.cluster();
        ClusterMemory memory = ClusterMemory.of(cluster, seed % 2 == 0 && !cluster.hasReductions(), seed);
        int from = (int) Math.floorMod(seed / 2, cluster.rows() + 1L);
        for (int bits = 128; bits <= Machine.VECTOR_BITS; bits *= 2) {
            inParts(memory.placed(), bits, most).ifPresent(kernel -> {
                memory.assertRight("parts of " + most, kernel, 0, cluster.rows());
                memory.assertRight("some rows, parts of " + most, kernel, from, cluster.rows());
            });
        }
    }

    /** A part is of one vector, or of as few nodes as asked. */
    @Property(tries = 40)
    void everyPartHasFewEnoughNodes(@ForAll("drafts") ClusterDraft draft) {
        assertFewNodes(draft.cluster());
    }

    @Test
    void everyPartOfVeryManySumsAndNumbersOfARowHasFewEnoughNodes() {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            for (int columns : new int[] {3, 37, 700}) {
                Cluster cluster = ClusterExamples.statistics(type, 3, columns);
                assertRight(cluster, false, 9);
                assertFewNodes(cluster);
            }
        }
    }

    private static void assertFewNodes(Cluster cluster) {
        KernelParts.Copies copies = new KernelParts.Copies(1, 1);
        program(cluster)
                .ifPresent(program -> assertThat(KernelParts.of(program, copies, KernelCost.MOST))
                        .extracting(part -> KernelParts.nodes(part, copies))
                        .allMatch(nodes -> nodes <= KernelCost.MOST));
    }

    private static Optional<KernelProgram> program(Cluster cluster) {
        try {
            return Optional.of(KernelProgram.of(cluster));
        } catch (KernelNode.NoVectorForm none) {
            return Optional.empty();
        }
    }

    private static Optional<Kernel> inParts(Cluster cluster, int bits, int most) {
        ClusterForm form = ClusterForm.of(cluster);
        Optional<KernelProgram> made = program(form.cluster());
        if (made.isEmpty()) {
            return Optional.empty();
        }
        KernelProgram program = made.orElseThrow();
        KernelSpecies species = new KernelSpecies(bits / (program.isWide() ? Double.SIZE : Float.SIZE));
        if (species.lanes() < KernelVector.FEWEST) {
            return Optional.empty();
        }
        return KernelMethods.several(program, species, form.isFlat(), most)
                .map(methods -> (memory, offsets, from, to) ->
                        methods.run(memory, offsets, from * form.perRow(), to * form.perRow()));
    }

    // ------------------------------------------------------------------------------------------------------ examples

    @Test
    void aSoftmaxOfAnyWidthIsTheWalks() {
        for (int columns : new int[] {1, 2, 15, 16, 17, 65, 256, 257, 511, 512, 513, 527, 1000, 1280}) {
            assertRight(ClusterExamples.softmax(DType.F32, 5, columns), false, columns);
            assertRight(ClusterExamples.softmax(DType.F64, 5, columns), false, columns);
        }
    }

    @Test
    void aLayerNormOfAnyWidthIsTheWalks() {
        for (int columns : new int[] {1, 3, 16, 31, 64, 255, 600, 769}) {
            assertRight(ClusterExamples.layerNorm(DType.F32, 4, columns), false, columns);
            assertRight(ClusterExamples.layerNorm(DType.F64, 4, columns), false, columns);
        }
    }

    @Test
    void theExponentialsOfALongSoftmaxAreParkedInItsResult() {
        assertThat(new ClusterPasses(ClusterExamples.softmax(DType.F32, 1, 600))
                        .passes()
                        .get(1)
                        .parked())
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

    // ------------------------------------------------------------------------------------------- what has no vector

    @Test
    void onlyTheseRowsHaveNoVectorForm() {
        assumeTrue(Machine.VECTOR_BITS >= 256, "vectors of 128 bits are too few lanes");
        Set<String> without = new TreeSet<>();
        for (Unary row : Unary.values()) {
            DType type = row == Unary.NOT ? DType.BOOL : DType.F32;
            if (Kernel.vector(ClusterExamples.one(TensorAccess.get().formula(row), type, type, 1, 64))
                    .isEmpty()) {
                without.add(row.label());
            }
        }
        for (Binary row : Binary.values()) {
            boolean isLogic = row == Binary.AND || row == Binary.OR || row == Binary.XOR;
            DType type = isLogic ? DType.BOOL : DType.F64;
            if (Kernel.vector(ClusterExamples.one(TensorAccess.get().formula(row), type, type, 1, 64))
                    .isEmpty()) {
                without.add(row.label());
            }
        }
        assertThat(without).containsExactly("cos", "digamma", "logGamma", "remainder", "sin", "tan", "trigamma");
    }

    @Test
    void whereMemoryEndsWithTheLastRowThePlainFormRuns() {
        Cluster cluster = ClusterExamples.one(TensorAccess.get().formula(Unary.SQUARE), DType.F64, DType.F64, 1, 3);
        forms(cluster).forEach((name, kernel) -> {
            double[] numbers = {1, 2, 3, 0, 0, 0};
            kernel.run(MemorySegment.ofArray(numbers), new long[] {0, 24}, 0, 1);
            assertThat(numbers).as(name).containsExactly(1, 2, 3, 1, 4, 9);
        });
    }

    @Test
    void longClustersAreCutInMethodsThatC2Likes() {
        assumeTrue(Machine.VECTOR_BITS >= 256, "vectors of 128 bits are too few lanes");
        for (int length : new int[] {1, 2, 7, 20}) {
            assertRight(chain(length, 4, 37), false, 5);
            assertRight(chain(length, 4, 37), true, 6);
            assertThat(Kernel.vector(chain(length, 4, 37))).isPresent();
        }
    }

    /** Every mask is made of the one before in two ways, so there are 2⁶⁰ ways to the first. */
    @Test
    void aLongChainOfTruthValuesIsTheWalks() {
        Stream stream = new Stream(DType.BOOL, 5, 1);
        ImmutableList.Builder<Step> steps = ImmutableList.builder();
        int last = 0;
        for (int i = 0; i < 60; i++) {
            int next = 2 + 3 * i;
            steps.add(logic(Binary.AND, last, 1), logic(Binary.XOR, last, 1), logic(Binary.OR, next, next + 1));
            last = next + 2;
        }
        assertRight(
                new Cluster(
                        2,
                        5,
                        ImmutableList.of(stream, stream),
                        steps.build(),
                        ImmutableList.of(new Output(last, stream))),
                false,
                8);
    }

    private static Step logic(Binary row, int a, int b) {
        return new Step.Apply(TensorAccess.get().formula(row), DType.BOOL, DType.BOOL, IntTuple.of(a, b));
    }

    @Test
    void aSumOfVeryManyStreamsIsTheWalks() {
        int terms = 20_000;
        Stream stream = new Stream(DType.F32, 5, 1);
        Cluster cluster = new Cluster(
                2,
                5,
                ImmutableList.copyOf(Collections.nCopies(terms, stream)),
                ImmutableList.of(new Step.Add(
                        DType.F32, IntTuple.of(IntStream.range(0, terms).toArray()))),
                ImmutableList.of(new Output(terms, stream)));
        assertRight(cluster, false, 7);
    }

    /** tanh of tanh of ..., which do not share steps, and a sum of the row. */
    private static Cluster chain(int length, int rows, int columns) {
        Stream stream = new Stream(DType.F64, columns, 1);
        ImmutableList.Builder<Step> steps = ImmutableList.builder();
        for (int i = 0; i < length; i++) {
            steps.add(ClusterExamples.apply(Unary.TANH, DType.F64, i));
        }
        steps.add(new Step.Sum(DType.F64, length));
        return new Cluster(
                rows,
                columns,
                ImmutableList.of(stream),
                steps.build(),
                ImmutableList.of(new Output(length, stream), new Output(length + 1, new Stream(DType.F64, 1, 0))));
    }

    @Test
    void anLstmAndAMedleyAreTheWalks() {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            assertRight(ClusterExamples.lstm(type, 3, 21), false, 6);
            assertRight(ClusterExamples.medley(type, 3, 21), false, 7);
        }
    }
}
