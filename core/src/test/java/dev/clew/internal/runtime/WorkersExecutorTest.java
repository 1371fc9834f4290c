package dev.clew.internal.runtime;

import static dev.clew.internal.runtime.Crews.SOON;
import static dev.clew.internal.runtime.Crews.assertTogether;
import static dev.clew.internal.runtime.Crews.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.internal.runtime.Crews.Counting;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that are the user's, that are closed, refused or shut down: every part is done all the same. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public final class WorkersExecutorTest {
    private final int usual = Workers.threads();

    @AfterEach
    void asBefore() {
        Workers.use(usual, null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theUsersExecutorComputes(boolean isVirtual) {
        try (ExecutorService pool = isVirtual
                ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(3, task -> new Thread(task, "of the user"))) {
            Workers.use(4, pool);
            for (int round = 0; round < 500; round++) {
                Counting counting = new Counting();
                run(counting, 4);
                counting.assertOnce(4);
                assertThat(counting.threads)
                        .allMatch(thread -> !thread.getName().startsWith("clew"));
            }
        }
    }

    @Test
    void aWorkerGivesTheThreadOfAnExecutorBack() throws Exception {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Workers.use(2, pool);
            for (int round = 0; round < 3; round++) {
                Counting counting = new Counting();
                run(counting, 2);
                counting.assertOnce(2);
                assertThat(pool.submit(() -> "done").get(SOON, TimeUnit.NANOSECONDS))
                        .isEqualTo("done");
            }
        }
    }

    static List<Executor> unwilling() {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        return List.of(
                closed,
                task -> {},
                Runnable::run,
                task -> {
                    throw new RejectedExecutionException("full");
                },
                task -> {
                    throw new OutOfMemoryError("no thread");
                });
    }

    @ParameterizedTest
    @MethodSource("unwilling")
    void anExecutorThatDoesNotComputeLosesNothing(Executor executor) {
        Workers.use(3, executor);
        for (int round = 0; round < 100; round++) {
            Counting counting = new Counting();
            run(counting, 3);
            counting.assertOnce(3);
            assertThat(counting.threads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void anExecutorThatIsClosedMeanwhileLosesNothing() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Workers.use(3, pool);
        for (int round = 0; round < 400; round++) {
            if (round == 200) {
                pool.shutdownNow();
            }
            Counting counting = new Counting();
            run(counting, 3);
            counting.assertOnce(3);
        }
    }

    @Test
    void afterShuttingDownTheCallerComputesAlone() {
        Workers.use(3, null);
        assertTogether(3);
        Set<Thread> workers = workers();
        assertThat(workers).hasSizeGreaterThanOrEqualTo(2);
        assertThat(Workers.shutDown(SOON)).isTrue();
        assertThat(Workers.threads()).isEqualTo(1);
        Counting counting = new Counting();
        run(counting, 3);
        counting.assertOnce(1);
        Workers.use(2, null);
        assertTogether(2);
    }

    private static Set<Thread> workers() {
        Set<Thread> found = ConcurrentHashMap.newKeySet();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("clew-worker"))
                .forEach(found::add);
        return found;
    }
}
