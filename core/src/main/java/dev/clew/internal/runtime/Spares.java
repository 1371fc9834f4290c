package dev.clew.internal.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one thread needs at a time while it computes, kept for whoever needs it next, so that a run allocates nothing. There are hardly
 * more than threads that computed at once. Threads begin to look at different places, so that many do not wait for each other; and
 * nothing hangs on a thread, of which there may be very many, for a moment each.
 */
public final class Spares<T> {
    private static final int FEWEST = 64;
    private static final int PER_PROCESSOR = 4;
    /** Two lines of a cache from place to place. */
    private static final int APART = 32;

    private static final int PLACES = Integer.highestOneBit(
            Math.max(FEWEST, PER_PROCESSOR * Runtime.getRuntime().availableProcessors()));

    private final AtomicReferenceArray<@Nullable T> places = new AtomicReferenceArray<>(PLACES * APART);
    private final Supplier<T> maker;

    /** Makes one where none is left. */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else has until {@link #release}. */
    public T take() {
        int home = home();
        for (int i = 0; i < PLACES; i++) {
            int place = place(home + i);
            T spare = places.get(place);
            if (spare != null && places.compareAndSet(place, spare, null)) {
                return spare;
            }
        }
        return maker.get();
    }

    /** Gives one back. */
    public void release(T spare) {
        int home = home();
        for (int i = 0; i < PLACES; i++) {
            int place = place(home + i);
            if (places.get(place) == null && places.compareAndSet(place, null, spare)) {
                return;
            }
        }
    }

    private static int home() {
        return (int) Thread.currentThread().threadId();
    }

    private static int place(int number) {
        return (number & (PLACES - 1)) * APART;
    }
}
