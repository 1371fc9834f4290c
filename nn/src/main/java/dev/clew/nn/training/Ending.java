package dev.clew.nn.training;

import dev.clew.internal.array.Present;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How training ended. Whatever it was, the model itself holds the weights of the last step, and {@link #best} those by which the first
 * metric was best.
 *
 * @param <M> the model
 */
public sealed interface Ending<M> {
    /** A model of its own with the weights by which the first metric was best; those of the last step if nothing was ever judged. */
    M best();

    /**
     * The same, if training came to an end of its own: it finished, or stopped early.
     *
     * @throws IllegalStateException if it was interrupted, or a number was not finite; it says so
     */
    default M bestOrThrow() {
        if (this instanceof Finished<M> || this instanceof StoppedEarly<M>) {
            return best();
        }
        throw new IllegalStateException("training was " + this);
    }

    /** How many steps have been made, also those before it went on from a snapshot. */
    long steps();

    /** In one line. */
    @Override
    String toString();

    /** All steps and epochs were made. */
    record Finished<M>(M best, long steps) implements Ending<M> {
        /** Of both. */
        public Finished {
            Present.require("Finished", best);
        }

        @Override
        public String toString() {
            return "finished after " + steps + " steps";
        }
    }

    /**
     * It was told to stop.
     *
     * @param why in words: {@code accuracy no better for 5 epochs}
     */
    record StoppedEarly<M>(M best, long steps, String why) implements Ending<M> {
        /** Of all three. */
        public StoppedEarly {
            Present.require("StoppedEarly", best, why);
        }

        @Override
        public String toString() {
            return "stopped early after " + steps + " steps: " + why;
        }
    }

    /**
     * The thread was interrupted, or the JVM is shutting down. The step under way was finished.
     *
     * @param snapshot from which it goes on, if a folder to keep it in was given
     * @param command that goes on
     */
    record Interrupted<M>(M best, long steps, Optional<Path> snapshot, String command) implements Ending<M> {
        /** Of all four. */
        public Interrupted {
            Present.require("Interrupted", best, snapshot, command);
        }

        @Override
        public String toString() {
            return "interrupted after " + steps + " steps"
                    + snapshot.map(path -> "; all is in " + path + ", and this goes on: " + command)
                            .orElse("; nothing was saved, since no folder was given: keep(folder)");
        }
    }

    /**
     * A number was not finite. The parameters are those before that step.
     *
     * @param epoch counted from 0
     * @param batch the number of the batch in the epoch, counted from 0
     * @param error names the loss, gradient or parameter, and the first operation that went wrong
     */
    record NotFinite<M>(M best, long steps, int epoch, int batch, ArithmeticException error) implements Ending<M> {
        /** Of all five. */
        public NotFinite {
            Present.require("NotFinite", best, error);
        }

        @Override
        public String toString() {
            return "not finite in epoch " + (epoch + 1) + ", batch " + (batch + 1) + ": " + error.getMessage();
        }
    }
}
