package dev.clew.examples.benchmark.job;

/** Counts the operations of products in a training step. */
final class Products {
    private Products() {}

    /** A product of rows with a weight, and the derivatives of both: (rows, inputs)·(inputs, outputs), three times. */
    static double trained(double rows, double inputs, double outputs) {
        return 3 * 2 * rows * inputs * outputs;
    }

    /** The same where the rows are data, which need no derivative: twice. */
    static double onData(double rows, double inputs, double outputs) {
        return 2 * 2 * rows * inputs * outputs;
    }
}
