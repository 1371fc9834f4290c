package dev.clew.examples;

import dev.clew.nn.dataset.SequenceTask;
import dev.clew.tensor.Tensor;

/** What cells are to learn in a {@link Contest}: sequences of any length, with a target beside every step. */
interface Task {
    /** Sequences of a length. */
    SequenceTask ofLength(int length);

    /** How many numbers a cell sees in a step. */
    int inputs();

    /** What a cell sees. Shapes: (batch, time, ...) as drawn → (batch, time, inputs), f32. */
    Tensor seen(Tensor x);

    /** What a score costs. Shapes: scores (batch, time), targets (batch, time) as drawn → (batch, time). */
    Tensor cost(Tensor scores, Tensor targets);

    /** Whether the targets of all steps are taught, or that of the last one alone. */
    boolean isTaughtAtEveryStep();

    /** Whether a score at the last step says what the target is. */
    boolean isRight(double score, double target);

    /** What is to be seen in the table, in words that are true only if {@link #isShown}. */
    String moral();

    /** Whether it is to be seen. */
    boolean isShown(Standings standings);
}
