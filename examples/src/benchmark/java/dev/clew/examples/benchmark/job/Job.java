package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;

/** A network, its data and how it is trained, all of it fixed, so that every engine does the same sums. */
public sealed interface Job permits CharacterRnn, Lstm, MinimalGatedUnit, Gru, LayerRun {
    /** The letter of the job, and what distinguishes a variant. */
    String name();

    /** The element type of all that is computed. */
    DType dtype();

    /** The rate of the gradient descent. */
    double rate();

    /** A model with the weights that it begins with: always the same. */
    Model model();

    /**
     * The floating-point operations in the products of one training step, two for every multiplication with its addition: those
     * that are needed, so none for what multiplies the zeros of a one-hot row, and none for derivatives of data.
     */
    double flops();

    /** Sizes for a line of text. */
    String sizes();
}
