package dev.clew.nn.training;

import dev.clew.internal.array.Present;
import java.io.PrintStream;

/** How training shows itself to people. */
public final class Display {
    private Display() {}

    /** On the error stream: a {@link #bar} if that is a terminal, else {@link #lines}. */
    public static Callback automatic() {
        return isTerminal() ? bar(System.err) : lines(System.err);
    }

    /** Whether the error stream is a terminal, so that a person is there to see it. */
    public static boolean isTerminal() {
        return Terminal.isSeen();
    }

    /**
     * A bar: steps, their rate, the time that is left, loss, norm of the gradients, the metrics of the last epoch; and what takes time
     * before the steps are as fast as they will be, if it does: that a plan is compiled, and that vector code is warming up.
     */
    public static Callback bar(PrintStream to) {
        Present.require("bar", to);
        return new Bar(to);
    }

    /** A line for every epoch, and one for the end. */
    public static Callback lines(PrintStream to) {
        Present.require("lines", to);
        return new Lines(to);
    }

    private record Lines(PrintStream to) implements Callback {
        @Override
        public void began(Start start) {
            if (start.step() > 0) {
                to.println("goes on after step " + start.step() + ", in epoch " + (start.epoch() + 1));
            }
        }

        @Override
        public void epochEnded(EpochReport report) {
            to.println(report);
        }

        @Override
        public void ended(Ending<?> ending) {
            to.println(ending);
        }
    }
}
