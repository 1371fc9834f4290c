package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Job;

/** Something that can train. */
public interface Engine {
    /** A short name for tables and options. */
    String name();

    /** What it is, its version and how many threads it has, as it says itself where it can. */
    String version();

    /** Whether it can train a job; tables show a dash where not. */
    default boolean has(Job job) {
        return true;
    }

    /** Begins a training with the job's own weights. */
    Trainer train(Job job);
}
