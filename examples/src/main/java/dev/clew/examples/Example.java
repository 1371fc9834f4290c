package dev.clew.examples;

/** A network that can be trained from the command line. */
@FunctionalInterface
interface Example {
    /** Trains, and compares the gradient of every step with the one by hand. */
    Outcome run(String name, Options options);
}
