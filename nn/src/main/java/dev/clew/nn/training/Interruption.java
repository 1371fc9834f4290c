package dev.clew.nn.training;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether training is to end: the thread that trains was interrupted, or the JVM is shutting down, which then waits until the step under way
 * is made and all is saved.
 */
final class Interruption implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final Thread trains = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread exit = new Thread(this::waitForTraining, "clew-training-exit");
    private volatile boolean isAsked;

    private Interruption() {}

    /** Of the thread that calls, until it is closed. */
    static Interruption watch() {
        Interruption interruption = new Interruption();
        try {
            Runtime.getRuntime().addShutdownHook(interruption.exit);
        } catch (IllegalStateException isShuttingDown) {
            interruption.isAsked = true;
        }
        return interruption;
    }

    /** Asked by the thread that trains; the interrupt is then taken. */
    boolean isAsked() {
        if (Thread.interrupted()) {
            isAsked = true;
        }
        return isAsked;
    }

    private void waitForTraining() {
        isAsked = true;
        try {
            // Who leaves the JVM from within training waits for this thread, and must not be waited for.
            boolean isOver = false;
            while (!isOver) {
                isOver = ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) || !trains.isAlive() || isLeaving();
            }
        } catch (InterruptedException unlikely) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isLeaving() {
        return Arrays.stream(trains.getStackTrace())
                .anyMatch(each -> each.getClassName().equals(Runtime.class.getName())
                        && each.getMethodName().equals("exit"));
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(exit);
        } catch (IllegalStateException isShuttingDown) {
            // The hook is running, and goes on now.
        }
    }
}
