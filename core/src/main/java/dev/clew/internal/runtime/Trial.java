package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A little work for generated code, which the JVM compiles only once it has been called often. Short calls are what it counts: a
 * thousand of them bring C2 sooner than a hundred thousand steps of one loop.
 *
 * @param code what is called: equal for all that share it
 * @param bytes how much memory the work takes
 * @param generated does it in generated code
 * @param plain does as much in plain code
 */
public record Trial(Object code, long bytes, Consumer<MemorySegment> generated, Consumer<MemorySegment> plain) {}
