package dev.clew.examples.benchmark;

/** One job in one engine, with its weights and data in place. */
public interface Trainer extends AutoCloseable {
    /** One training step: the loss, its gradient, the update. Returns the loss from before the update. */
    double step();

    /** Where the time of its steps went, as far as it can tell. */
    default String explain() {
        return "";
    }

    @Override
    default void close() {}
}
