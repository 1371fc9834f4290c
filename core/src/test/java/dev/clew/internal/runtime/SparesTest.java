package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is spare is used again, and never by two at once. */
final class SparesTest {
    private static final int THREADS = 16;
    private static final int ROUNDS = 20_000;

    @Test
    void whatIsGivenBackIsTakenAgain() {
        Spares<Object> spares = new Spares<>(Object::new);
        Object first = spares.take();
        Object second = spares.take();
        assertThat(second).isNotSameAs(first);
        spares.release(first);
        spares.release(second);
        assertThat(List.of(spares.take(), spares.take())).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void noTwoThreadsHaveTheSame() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Spares<AtomicInteger> spares = new Spares<>(() -> {
            made.incrementAndGet();
            return new AtomicInteger();
        });
        AtomicInteger shared = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    AtomicInteger own = spares.take();
                    shared.addAndGet(own.getAndIncrement());
                    Thread.onSpinWait();
                    shared.addAndGet(own.decrementAndGet());
                    spares.release(own);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shared.get()).isZero();
        assertThat(made.get()).isLessThan(ROUNDS);
    }
}
