package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.kernel.ClusterExamples;
import dev.clew.internal.runtime.kernel.Kernel;
import dev.clew.internal.runtime.kernel.KernelColumns;
import dev.clew.internal.runtime.product.Product;
import dev.clew.internal.runtime.tune.WarmUp;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Unary;
import dev.clew.testing.Patience;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The little work that brings C2 stays within its memory, and leads to code that is fast. */
final class TrialTest {
    private static final long A_WHILE = 500_000_000;

    private static void assertWithin(List<Trial> trials) {
        for (Trial trial : trials) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(trial.bytes(), Machine.LINE);
                trial.generated().accept(memory);
                trial.plain().accept(memory);
            }
        }
    }

    @Test
    void kernelsStayWithinTheMemoryOfTheirTrials() {
        for (DType type : List.of(DType.F32, DType.F64)) {
            for (Cluster cluster : ImmutableList.of(
                    ClusterExamples.gates(type, 4, 100),
                    ClusterExamples.lstm(type, 3, 21),
                    ClusterExamples.layerNorm(type, 4, 300),
                    ClusterExamples.softmax(type, 1, 3),
                    ClusterExamples.medley(type, 7, 53),
                    ClusterExamples.one(TensorAccess.get().formula(Unary.TANH), type, type, 1, 1),
                    ClusterExamples.one(TensorAccess.get().formula(Unary.LOG), type, type, 2, 4096))) {
                Kernel.vector(cluster).ifPresent(kernel -> {
                    assertThat(kernel.trials()).isNotEmpty();
                    assertWithin(kernel.trials());
                });
            }
            KernelColumns.vector(new KernelColumns.ColumnSum(type, 20, 100, 112))
                    .ifPresent(sum -> assertWithin(sum.trials()));
        }
    }

    @Property(tries = 100)
    void productsStayWithinTheMemoryOfTheirTrials(@ForAll Random random) {
        int m = 1 + random.nextInt(40);
        int n = 1 + random.nextInt(80);
        int k = random.nextInt(20);
        boolean a = random.nextBoolean();
        boolean b = random.nextBoolean();
        Product.Spec spec = new Product.Spec(
                random.nextBoolean() ? DType.F32 : DType.F64,
                m,
                n,
                k,
                a,
                (a ? m : k) + random.nextInt(9),
                b,
                (b ? k : n) + random.nextInt(9),
                n + random.nextInt(9),
                List.of(Product.Start.values()).get(random.nextInt(3)));
        Product.vector(spec).ifPresent(product -> {
            assertThat(product.trials()).isNotEmpty().containsAll(product.packTrials());
            assertThat(product.packTrials().isEmpty() || k == 0).isEqualTo(product.packedBytes() == 0);
            assertWithin(product.trials());
        });
    }

    @Test
    void productsThatCopyBothOperandsStayWithinTheMemoryOfTheirTrials() {
        Product.Spec spec = new Product.Spec(DType.F32, 70, 512, 200, true, 80, false, 520, 528, Product.Start.NOTHING);
        Product.vector(spec).ifPresent(product -> assertWithin(product.trials()));
    }

    @Test
    void triedCodeBecomesFast() {
        Kernel.vector(ClusterExamples.gates(DType.F32, 4, 96)).ifPresent(kernel -> {
            Trial trial = kernel.trials().getFirst();
            assertThat(WarmUp.isFast(trial)).isFalse();
            Patience.await("kernels that are slow", () -> WarmUp.isFast(trial, A_WHILE) ? 0 : 1);
            assertThat(WarmUp.isFast(kernel.trials().getFirst())).isTrue();
        });
    }

    /** Work for generated code as if it had been compiled badly, for as long as a test wants that. */
    private static final class Moody {
        private static final int WORK = 400;

        private volatile boolean allocates;
        private volatile Object last = "";

        private void work(MemorySegment memory) {
            for (int i = 0; i < WORK; i++) {
                memory.setAtIndex(ValueLayout.JAVA_INT, i, memory.getAtIndex(ValueLayout.JAVA_INT, i) + 1);
            }
        }

        Trial trial() {
            return new Trial(
                    this,
                    WORK * Integer.BYTES,
                    memory -> {
                        work(memory);
                        if (allocates) {
                            last = new int[1];
                        }
                    },
                    memory -> {
                        work(memory);
                        work(memory);
                    });
        }
    }

    @Test
    void codeThatAllocatesIsNotFastHoweverLittleTimeItTakes() {
        Moody code = new Moody();
        code.allocates = true;
        assertThat(WarmUp.isFast(code.trial(), A_WHILE)).isFalse();
        code.allocates = false;
        Patience.await("codes that are slow", () -> WarmUp.isFast(code.trial(), A_WHILE) ? 0 : 1);
        assertThat(code.last).isNotNull();
    }

    @Test
    void aVerdictIsTakenBackWhenCodeIsFastNoMore() {
        Moody code = new Moody();
        Patience.await("codes that are slow", () -> WarmUp.isFast(code.trial(), A_WHILE) ? 0 : 1);
        code.allocates = true;
        assertThat(WarmUp.isFastAgain(code.trial(), A_WHILE)).isFalse();
        assertThat(WarmUp.isFast(code.trial())).isFalse();
        code.allocates = false;
        Patience.await("codes that are slow", () -> WarmUp.isFastAgain(code.trial(), A_WHILE) ? 0 : 1);
        assertThat(WarmUp.isFast(code.trial())).isTrue();
    }
}
