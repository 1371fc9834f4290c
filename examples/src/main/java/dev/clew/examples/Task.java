package dev.clew.examples;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.tensor.Tensor;

/** What cells are to learn in a {@link Contest}: sequences of some inputs, with a target beside every step. */
interface Task {
    /** How many numbers a cell sees in a step. */
    int inputs();

    /** A sequence of a length; its last column is the target. Shapes: (length, inputs + 1), f32. */
    NDArray draw(RandomKey key, int length);

    /** What a score costs. Shapes: (batch, time) both → (batch, time). */
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
