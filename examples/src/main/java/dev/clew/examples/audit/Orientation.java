package dev.clew.examples.audit;

import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;

/**
 * On which side of a matrix the vectors stand, and with them whether the sequences of a batch are columns or rows. The graph has them as the
 * formulas by hand do, so that what is found reads like these.
 */
enum Orientation {
    /** W·x with W (outputs, inputs), as in most papers and in PyTorch. */
    COLUMN("column"),
    /** x·W with W (inputs, outputs), as in Keras. */
    ROW("row");

    private final String label;

    Orientation(String label) {
        this.label = label;
    }

    /** The shape of a matrix. */
    Shape shape(int outputs, int inputs) {
        return this == COLUMN ? Shape.of(outputs, inputs) : Shape.of(inputs, outputs);
    }

    /** Along which axis a matrix has what comes out. */
    int outputs() {
        return this == COLUMN ? 0 : 1;
    }

    /** Along which axis a matrix has what goes in. */
    int inputs() {
        return this == COLUMN ? 1 : 0;
    }

    Orientation other() {
        return this == COLUMN ? ROW : COLUMN;
    }

    /** Along which axis the numbers of a step have the features: (features, batch) or (batch, features). */
    int features() {
        return outputs();
    }

    /** The shape of the numbers of a step. */
    Shape step(int features, int batch) {
        return shape(features, batch);
    }

    /** Shapes: x (inputs, batch) or (batch, inputs) → (outputs, batch) or (batch, outputs). */
    Tensor product(Tensor matrix, Tensor x) {
        return this == COLUMN ? matrix.matmul(x) : x.matmul(matrix);
    }

    /** A bias of any shape as it is added to a step: a column or a row. */
    Tensor bias(Tensor b) {
        int n = b.shape().elements();
        Shape wanted = this == COLUMN ? Shape.of(n, 1) : Shape.of(n);
        return b.shape().equals(wanted) ? b : b.reshape(wanted);
    }

    /** As the option has it. */
    @Override
    public String toString() {
        return label;
    }
}
