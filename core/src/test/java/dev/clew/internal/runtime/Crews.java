package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks for {@link Workers} that tell what became of their parts. */
final class Crews {
    /** The longest that a test waits for a thread. */
    static final long SOON = TimeUnit.SECONDS.toNanos(30);

    private Crews() {}

    /** Counts its parts, and how many are under way. */
    static final class Counting implements Workers.Task {
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final Map<Integer, Integer> parts = new ConcurrentHashMap<>();
        final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        @Override
        public void run(MemorySegment memory, int part, int parts) {
            begun.incrementAndGet();
            threads.add(Thread.currentThread());
            this.parts.merge(part, 1, Integer::sum);
            ended.incrementAndGet();
        }

        void assertOnce(int parts) {
            assertThat(ended.get()).isEqualTo(begun.get());
            assertThat(this.parts).hasSize(parts);
            assertThat(this.parts.values()).allMatch(times -> times == 1);
        }
    }

    static void run(Workers.Task task, int parts) {
        Workers.run(task, MemorySegment.NULL, parts);
    }

    /** Returns when so many threads are at it at once. */
    static void assertTogether(int threads) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(threads);
        run(
                (memory, part, parts) -> {
                    names.add(Thread.currentThread().getName());
                    all.countDown();
                    await(all);
                },
                threads);
        assertThat(names).hasSize(threads);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON, TimeUnit.NANOSECONDS)).isTrue();
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }
}
