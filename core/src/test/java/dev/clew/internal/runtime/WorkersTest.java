package dev.clew.internal.runtime;

import static dev.clew.internal.runtime.Crews.assertTogether;
import static dev.clew.internal.runtime.Crews.await;
import static dev.clew.internal.runtime.Crews.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.internal.runtime.Crews.Counting;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part is done once, whoever does it and whatever happens to others, and no call returns before all have ended. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public final class WorkersTest {
    private final int usual = Workers.threads();

    @AfterEach
    void asBefore() {
        Workers.use(usual, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 16})
    void everyPartIsDoneOnceRoundAfterRound(int threads) {
        Workers.use(threads, null);
        for (int round = 0; round < 2000; round++) {
            Counting counting = new Counting();
            int parts = 2 + round % (2 * threads);
            run(counting, parts);
            counting.assertOnce(parts);
        }
    }

    @Test
    void oneThreadDoesAllAtOnce() {
        Workers.use(1, null);
        Counting counting = new Counting();
        run(counting, 8);
        counting.assertOnce(1);
        assertThat(counting.threads).containsExactly(Thread.currentThread());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 7})
    void asManyThreadsAsWereAskedForComputeAtOnce(int threads) {
        Workers.use(threads, null);
        for (int round = 0; round < 20; round++) {
            assertTogether(threads);
        }
    }

    @Test
    void runsThatAreUnderWayShareTheThreads() {
        Workers.use(4, null);
        Workers.enter();
        Workers.enter();
        Counting two = new Counting();
        run(two, 4);
        two.assertOnce(4);
        Workers.enter();
        Counting three = new Counting();
        run(three, 4);
        three.assertOnce(1);
        Workers.leave();
        Workers.leave();
        Workers.leave();
        assertTogether(4);
    }

    /** Which part fails, by part; the error that is thrown is that of the first. */
    @ParameterizedTest
    @MethodSource("failures")
    void whatPartsThrowReachesTheCallerWhenAllHaveEnded(Set<Integer> failing, Throwable thrown) {
        Workers.use(4, null);
        for (int round = 0; round < 200; round++) {
            Counting counting = new Counting();
            Throwable[] errors = new Throwable[4];
            failing.forEach(part -> errors[part] = copy(thrown, "part " + part));
            assertThatThrownBy(() -> run(
                            (memory, part, parts) -> {
                                counting.run(memory, part, parts);
                                if (errors[part] != null) {
                                    raise(errors[part]);
                                }
                            },
                            4))
                    .isSameAs(errors[failing.stream().min(Integer::compare).orElseThrow()])
                    .satisfies(error -> assertThat(error.getSuppressed()).hasSize(failing.size() - 1));
            counting.assertOnce(4);
        }
        assertTogether(4);
    }

    static List<Object[]> failures() {
        List<Object[]> all = new ArrayList<>();
        for (Throwable thrown :
                List.of(new IllegalStateException(), new StackOverflowError(), new OutOfMemoryError())) {
            for (Set<Integer> parts : List.of(Set.of(0), Set.of(1), Set.of(3), Set.of(1, 2), Set.of(0, 1, 2, 3))) {
                all.add(new Object[] {parts, thrown});
            }
        }
        return all;
    }

    private static Throwable copy(Throwable like, String message) {
        return switch (like) {
            case StackOverflowError _ -> new StackOverflowError(message);
            case OutOfMemoryError _ -> new OutOfMemoryError(message);
            default -> new IllegalStateException(message);
        };
    }

    private static void raise(Throwable error) {
        switch (error) {
            case RuntimeException exception -> throw exception;
            case Error failure -> throw failure;
            default -> throw new IllegalArgumentException(error);
        }
    }

    @Test
    void aStackThatOverflowsAnywhereLeavesNothingBehind() throws Exception {
        Workers.use(3, null);
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        AtomicInteger overflowed = new AtomicInteger();
        Thread caller = new Thread(
                null,
                () -> {
                    for (int round = 0; round < Tries.times(20); round++) {
                        try {
                            deeper(wrong, overflowed);
                        } catch (StackOverflowError error) {
                            overflowed.incrementAndGet();
                        }
                    }
                },
                "deep",
                1 << 18);
        caller.start();
        caller.join();
        assertThat(wrong.get()).isNull();
        assertThat(overflowed.get()).isPositive();
        assertTogether(3);
    }

    /** Runs a task at every depth there is. */
    private static void deeper(AtomicReference<Throwable> wrong, AtomicInteger overflowed) {
        AtomicInteger underWay = new AtomicInteger();
        try {
            run(
                    (memory, part, parts) -> {
                        underWay.getAndIncrement();
                        try {
                            if (part == 0) {
                                Math.addExact(depth(200), 1);
                            }
                        } finally {
                            underWay.getAndDecrement();
                        }
                    },
                    3);
        } catch (StackOverflowError error) {
            overflowed.getAndIncrement();
        }
        if (underWay.get() != 0) {
            wrong.set(new AssertionError(underWay.get() + " parts are under way after the call"));
        }
        if (wrong.get() == null) {
            deeper(wrong, overflowed);
        }
    }

    private static int depth(int frames) {
        return frames == 0 ? 0 : 1 + depth(frames - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyCallersAtOnceGetEachTheirParts(boolean areVirtual) throws Exception {
        Workers.use(4, null);
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            int number = i;
            Runnable rounds = () -> rounds(number, Tries.times(300));
            Thread.Builder builder = areVirtual ? Thread.ofVirtual() : Thread.ofPlatform();
            callers.add(builder.unstarted(rounds));
            callers.getLast().setUncaughtExceptionHandler((thread, error) -> wrong.set(error));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(wrong.get()).isNull();
        assertTogether(4);
    }

    /** Some succeed and some fail, and some are interrupted. */
    private static void rounds(int number, int rounds) {
        for (int round = 0; round < rounds; round++) {
            Counting counting = new Counting();
            int parts = 2 + (number + round) % 5;
            int failing = round % 3 == 0 ? round % parts : -1;
            if (round % 7 == 0) {
                Thread.currentThread().interrupt();
            }
            try {
                run(
                        (memory, part, of) -> {
                            counting.run(memory, part, of);
                            if (part == failing) {
                                throw new IllegalStateException("part " + part);
                            }
                        },
                        parts);
                assertThat(failing).isEqualTo(-1);
            } catch (IllegalStateException error) {
                assertThat(error).hasMessage("part " + failing);
            }
            assertThat(Thread.interrupted()).isEqualTo(round % 7 == 0);
            counting.assertOnce(parts);
        }
    }

    @Test
    void aCallerThatIsInterruptedWaitsAndStaysInterrupted() {
        Workers.use(2, null);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        run(
                (memory, part, parts) -> {
                    if (part == 0) {
                        await(begun);
                        Thread.currentThread().interrupt();
                    } else {
                        begun.countDown();
                        LockSupportPause.millis(50);
                        ended.incrementAndGet();
                    }
                },
                2);
        assertThat(ended.get()).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Pauses whatever the thread's interrupts. */
    private static final class LockSupportPause {
        static void millis(long millis) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void workersAreDaemonsWithNamesAndNothingOfWhoCalledFirst() {
        Workers.use(3, null);
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("of the caller");
        Thread.currentThread().setContextClassLoader(new ClassLoader() {});
        Map<String, String> seen = new ConcurrentHashMap<>();
        CountDownLatch all = new CountDownLatch(3);
        run(
                (memory, part, parts) -> {
                    Thread self = Thread.currentThread();
                    seen.put(
                            part == 0 ? "caller" : self.getName(),
                            self.isDaemon() + " " + local.get() + " " + self.getContextClassLoader());
                    all.countDown();
                    await(all);
                },
                3);
        assertThat(seen)
                .containsEntry("clew-worker-1", "true null null")
                .containsEntry("clew-worker-2", "true null null");
    }
}
