package dev.clew.examples.audit;

import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;

/** On which side of a matrix the vectors stand. */
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

    /** Shapes: x (inputs) or (batch, inputs) → (outputs) or (batch, outputs). */
    Tensor product(Tensor matrix, Tensor x) {
        if (this == ROW) {
            return x.matmul(matrix);
        }
        return x.shape().rank() == 1 ? matrix.matmul(x) : x.matmul(matrix.transpose());
    }

    /** As the option has it. */
    @Override
    public String toString() {
        return label;
    }
}
