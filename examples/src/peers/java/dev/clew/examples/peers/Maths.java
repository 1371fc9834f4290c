package dev.clew.examples.peers;

import dev.clew.array.NDArray;
import java.util.List;

/**
 * What a loop over time needs of a framework. Every method is one call of the framework, or as few as it takes there.
 *
 * @param <T> its arrays of numbers
 * @param <L> its arrays of labels
 */
interface Maths<T, L> {
    /** A parameter, with the value that it begins with. */
    T weight(String name);

    /** Numbers that are given, one array for every step. */
    List<T> data(List<NDArray> steps);

    /** Labels that are given, one array for every step, below a number of classes. Shapes: per step (batch). */
    List<L> labels(List<NDArray> steps, int classes);

    /** A state of zeros. */
    T zeros(int batch, int units);

    /** One number. */
    T number(double number);

    T matmul(T a, T b);

    T plus(T a, T b);

    T minus(T a, T b);

    T times(T a, T b);

    T div(T a, T b);

    T sigmoid(T a);

    T tanh(T a);

    /** Normalization of every row, as the framework has it. */
    T layerNorm(T a, T gain, T bias, double epsilon);

    /** −ln softmax(logits)[label] of every row, as the framework has it. Shapes: (batch, classes) → (batch, 1). */
    T nats(T logits, L labels);

    T sum(T a);

    T mean(T a);

    /** Columns side by side. */
    T concat(T a, T b);

    /** Equal parts of the columns. */
    List<T> split(T a, int parts);
}
