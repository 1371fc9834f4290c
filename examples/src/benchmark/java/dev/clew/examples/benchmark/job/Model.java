package dev.clew.examples.benchmark.job;

import dev.clew.tensor.Tensor;

/** A record of parameters that builds the formula of its loss over fixed data: the loop over time. */
@FunctionalInterface
public interface Model {
    /** The loss, in nats, built anew. Shape: (). */
    Tensor loss();
}
