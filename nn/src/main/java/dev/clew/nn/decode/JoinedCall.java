package dev.clew.nn.decode;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What one caller wants of a {@link JoinedStep}, and what came of it. Its caller reads the outcome after {@link #await}. */
final class JoinedCall {
    private final int[] tokens;
    private final ImmutableList<NDArray> state;
    /** Comes once: when there is an outcome, or when it is this caller's turn to run. */
    private final Semaphore signal = new Semaphore(0);

    private @Nullable ImmutableList<NDArray> values;
    private @Nullable Throwable error;

    JoinedCall(int[] tokens, ImmutableList<NDArray> state) {
        this.tokens = tokens;
        this.state = state;
    }

    int rows() {
        return tokens.length;
    }

    int token(int row) {
        return tokens[row];
    }

    ImmutableList<NDArray> state() {
        return state;
    }

    void wake() {
        signal.release();
    }

    /** A run is short, and others depend on whoever runs: an interrupt stays for what the caller does next. */
    void await() {
        signal.acquireUninterruptibly();
    }

    void finish(ImmutableList<NDArray> outcome) {
        values = outcome;
    }

    void fail(Throwable cause) {
        error = cause;
    }

    boolean isDone() {
        return values != null || error != null;
    }

    /** The logits and then the tensors of the state. */
    ImmutableList<NDArray> values() {
        switch (error) {
            case null -> {}
            case RuntimeException wrong -> throw wrong;
            case Error wrong -> throw wrong;
            default -> throw new IllegalStateException(error);
        }
        if (values == null) {
            throw new IllegalStateException("values of a call that has not been run");
        }
        return values;
    }
}
