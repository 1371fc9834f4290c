package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.data.Batches;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Adam;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingMemoryTest {
    private static final int TRIALS = 3;
    private static final int STEPS = 10_000;
    private static final int EVERY = 1_000;
    private static final long SOME = 40_000;

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /**
     * What is kept of a step must be less than 40 bytes, so the smallest object of a list would be seen. The JVM makes something at times,
     * and once, and what tests before this one have left goes at times; what is kept of steps grows with all of them, in every trial.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tenThousandStepsKeepNothing(boolean onPlans) {
        List<List<Long>> trials = new ArrayList<>();
        boolean isSteady = false;
        while (!isSteady && trials.size() < TRIALS) {
            List<Long> used = trained(onPlans);
            trials.add(used);
            isSteady = medianGrowth(used) < SOME;
        }
        assertThat(isSteady).as("bytes at %s", trials).isTrue();
    }

    /** The bytes on the heap after every so many steps. */
    private static List<Long> trained(boolean onPlans) {
        RnnCell cell = RnnCell.create(2, 3, RandomKey.of(1));
        Batches<Tensor> batches =
                Batches.of(100, (key, _, _) -> Tensor.of(key.uniform(-1, 1, DType.F64, Shape.of(1, 2))));
        Trainer<RnnCell, Tensor> trainer = Trainer.of(
                        cell,
                        Adam.of(cell, 0.001),
                        batches,
                        x -> cell.next(x, cell.next(x, cell.start(1))).square().sum())
                .quietly()
                .steps(STEPS);
        List<Long> used = new ArrayList<>();
        Ending<RnnCell> ending = (onPlans ? trainer.onPlans() : trainer)
                .afterStep(report -> {
                    if (report.step() % EVERY == 0) {
                        used.add(heap());
                    }
                })
                .start();
        assertThat(ending.steps()).isEqualTo(STEPS);
        return used;
    }

    private static long medianGrowth(List<Long> used) {
        long[] grown = IntStream.range(1, used.size())
                .mapToLong(i -> used.get(i) - used.get(i - 1))
                .sorted()
                .toArray();
        return grown[grown.length / 2];
    }
}
