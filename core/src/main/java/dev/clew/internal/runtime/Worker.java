package dev.clew.internal.runtime;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a crew for as long as there is something to do. It spins for a moment after its last part, since the next comes soon in
 * a run, then sleeps, and after a while gives its thread back. Whether it comes at all is nothing that a caller depends on.
 */
final class Worker implements Runnable {
    private enum State {
        /** Has no thread, and has not asked for one. */
        OUT,
        /** Has asked for a thread. */
        SENT,
        AWAKE,
        ASLEEP
    }

    private final Crew crew;
    private final int index;
    private final AtomicReference<State> state = new AtomicReference<>(State.OUT);
    private volatile @Nullable Thread thread;
    /** Who asked for a thread: an executor may run the worker in that. */
    private volatile @Nullable Thread sender;

    Worker(Crew crew, int index) {
        this.crew = crew;
        this.index = index;
    }

    /** Its number, from 0. */
    int index() {
        return index;
    }

    /** Wakes it or asks for a thread for it, if it has none; whether it was needed. */
    boolean rouse() {
        State now = state.get();
        if (now == State.ASLEEP && state.compareAndSet(now, State.AWAKE)) {
            crew.counts(1);
            LockSupport.unpark(thread);
            return true;
        }
        if (now != State.OUT) {
            return false;
        }
        Workers.requireRoom(
                Workers.FRAMES_OF_OTHERS); // Between here and the answer, an overflow would lose the worker.
        if (!state.compareAndSet(now, State.SENT)) {
            return false;
        }
        crew.counts(1);
        boolean isSent = false;
        try {
            sender = Thread.currentThread();
            isSent = crew.start(this);
        } finally {
            if (!isSent && state.compareAndSet(State.SENT, State.OUT)) {
                crew.counts(-1);
            }
        }
        return isSent;
    }

    @Override
    public void run() {
        if (!state.compareAndSet(State.SENT, State.AWAKE)) {
            return;
        }
        Thread self = Thread.currentThread();
        thread = self;
        try {
            if (self.equals(sender)) {
                crew.help(index);
            } else {
                sender = null;
                work();
            }
        } finally {
            thread = null;
            sender = null;
            state.set(State.OUT);
            crew.counts(-1);
        }
    }

    private void work() {
        long seen = crew.handedOver() - 1;
        long since = System.nanoTime();
        boolean stays = true;
        crew.rouseMore();
        while (stays && !crew.hasEnded()) {
            long now = crew.handedOver();
            if (now != seen) {
                seen = now;
                since = crew.help(index) ? System.nanoTime() : since;
            }
            if (System.nanoTime() - since < crew.spin()) {
                Thread.onSpinWait();
            } else if (sleeps(seen)) {
                if (crew.handedOver() != seen) { // Otherwise workers would rouse each other for ever.
                    crew.rouseMore();
                }
                since = System.nanoTime();
            } else {
                stays = crew.handedOver() != seen;
            }
        }
    }

    /** Sleeps until somebody wants it, or for as long as a worker keeps its thread; whether somebody does. */
    private boolean sleeps(long seen) {
        state.set(State.ASLEEP);
        crew.counts(-1);
        long start = System.nanoTime();
        long left = crew.patience();
        // A thread may wake up for nothing, or because it was roused before it slept.
        while (left > 0
                && state.get() == State.ASLEEP
                && !crew.hasEnded()
                && (crew.handedOver() == seen || !crew.lacks())) {
            LockSupport.parkNanos(this, left);
            left = crew.patience() - (System.nanoTime() - start);
        }
        boolean isRoused = !state.compareAndSet(State.ASLEEP, State.AWAKE);
        if (!isRoused) {
            crew.counts(1);
        }
        return isRoused;
    }

    /** Ends what it is at after its part, when the crew has ended. */
    void hurry() {
        LockSupport.unpark(thread);
    }

    /** Whether it has no thread, or has not got it yet. */
    boolean isOut() {
        return thread == null;
    }
}
