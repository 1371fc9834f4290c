package dev.clew.examples;

/** An example that is run by its name alone. */
@FunctionalInterface
interface Study {
    /** Trains, and looks at what came of it. */
    Report run(String name, Options options);
}
