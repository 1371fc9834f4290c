package dev.clew.nn.sequence;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * A cell whose input is added to its output: y = cell(x) + x (He et al., 2016). Both have the same shape.
 *
 * @param <S> the cell's state
 */
public record Residual<S>(Cell<S> cell) implements Cell<S> {
    /** Of a cell. */
    public Residual {
        Present.require("residual", cell);
    }

    @Override
    public S start(int batch) {
        return cell.start(batch);
    }

    @Override
    public Out<S> step(Tensor x, S state) {
        Present.require("residual", x, state);
        Out<S> out = cell.step(x, state);
        if (!out.output().shape().equals(x.shape())) {
            throw new IllegalArgumentException("residual: the input is " + x.describe() + " and the output of the cell "
                    + out.output().describe() + "; they are added, so their shapes must be the same");
        }
        return new Out<>(out.output().plus(x), out.state());
    }
}
