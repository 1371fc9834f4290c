package dev.clew.examples.benchmark;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;

/** The times of steps, in milliseconds, and what some have allocated. */
final class Lot {
    private final DoubleArrayList times = new DoubleArrayList();
    private double bytes = Double.NaN;

    void add(double milliseconds) {
        times.add(milliseconds);
    }

    /** What every one of some steps has allocated on the heap, in the mean. */
    void allocated(double bytesPerStep) {
        bytes = bytesPerStep;
    }

    double bytes() {
        return bytes;
    }

    int size() {
        return times.size();
    }

    /** The mean of the fastest tenth, at least one: what the machine can do when nothing else is on it. */
    double bestTenth() {
        return sorted().doubleStream()
                .limit(Math.max(1, times.size() / 10))
                .average()
                .orElse(Double.NaN);
    }

    double median() {
        return times.isEmpty() ? Double.NaN : sorted().getDouble(times.size() / 2);
    }

    private DoubleArrayList sorted() {
        DoubleArrayList sorted = times.clone();
        sorted.sort(null);
        return sorted;
    }
}
