package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.nn.Initializer;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RnnCellTest {

    /** A cell with data for a sequence, and the same in plain arrays. */
    private static final class Sequence {
        final DType dtype;
        final RnnCell cell;
        final double[][][] x;
        final double[][][] r;
        final double[][] begin;
        final Tensor start;
        final List<Tensor> states = new ArrayList<>();

        Sequence(DType dtype, int steps, int batch, int inputs, int units, RandomKey key) {
            this.dtype = dtype;
            this.cell = RnnCell.create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
            this.x = new double[steps][][];
            this.r = new double[steps][][];
            this.begin = Expect.rows(key.fold(7), dtype, batch, units);
            this.start = Expect.tensor(begin, dtype);
            for (int t = 0; t < steps; t++) {
                x[t] = Expect.rows(key.fold(8).fold(t), dtype, batch, inputs);
                r[t] = Expect.rows(key.fold(9).fold(t), dtype, batch, units);
            }
        }

        Tensor loss() {
            Tensor h = start;
            states.clear();
            List<Tensor> terms = new ArrayList<>();
            for (int t = 0; t < x.length; t++) {
                h = cell.next(Expect.tensor(x[t], dtype), h);
                states.add(h);
                terms.add(h.times(Expect.tensor(r[t], dtype)).sum());
            }
            return Tensor.sum(terms);
        }

        RnnByHand byHand() {
            return new RnnByHand(
                    cell.wx().value().toRows(),
                    cell.wh().value().toRows(),
                    cell.b().value().toDoubles(),
                    x,
                    begin,
                    r);
        }
    }

    @Property(tries = 40)
    void statesAndGradientsAreThoseOfBackpropagationThroughTimeByHand(
            @ForAll @IntRange(min = 1, max = 12) int steps,
            @ForAll @IntRange(min = 1, max = 5) int batch,
            @ForAll @IntRange(min = 1, max = 10) int inputs,
            @ForAll @IntRange(min = 1, max = 18) int units,
            @ForAll long seed) {
        Sequence sequence = new Sequence(DType.F64, steps, batch, inputs, units, RandomKey.of(seed));
        agrees(sequence, 1e-10);
    }

    @Property(tries = 20)
    void singlePrecisionAgreesToItsDigits(
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll @IntRange(min = 1, max = 4) int batch,
            @ForAll @IntRange(min = 1, max = 12) int units,
            @ForAll long seed) {
        Sequence sequence = new Sequence(DType.F32, steps, batch, 3, units, RandomKey.of(seed));
        agrees(sequence, 2e-4);
        assertThat(sequence.states.getLast().dtype()).isEqualTo(DType.F32);
    }

    @Test
    void longSequenceAgreesToo() {
        agrees(new Sequence(DType.F64, 300, 2, 3, 8, RandomKey.of(3)), 1e-10);
    }

    @Test
    void gradientsAreTheSlopesOfTheLoss() {
        Sequence sequence = new Sequence(DType.F64, 5, 3, 4, 6, RandomKey.of(11));
        Gradients gradients = Gradients.of(sequence.loss());
        for (Parameter parameter : Parameters.named(sequence.cell).values()) {
            Expect.close(gradients.wrt(parameter).value(), Expect.slopes(sequence::loss, parameter), 1e-8);
        }
    }

    @Test
    void startIsZerosOfTheTypeOfTheCell() {
        RnnCell cell = RnnCell.create(2, 3, DType.F32, Initializer.zeros(), RandomKey.of(1));
        assertThat(cell.start(4).value()).isEqualTo(NDArray.full(0, DType.F32, Shape.of(4, 3)));
    }

    @Test
    void inputsThatDoNotFitAreErrorsWithBothShapes() {
        RnnCell cell = RnnCell.create(2, 3, RandomKey.of(1));
        assertThatThrownBy(() -> cell.next(Tensor.zeros(DType.F64, 4, 5), cell.start(4)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "RNN cell with x (4, 5) and h (4, 3): with wx (2, 3) they must be (batch, 2) and (batch, 3), of one"
                                + " batch; start(batch) makes a first h");
        assertThatThrownBy(() -> cell.next(Tensor.zeros(DType.F64, 4, 2), cell.start(1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "RNN cell with x (4, 2) and h (1, 3): with wx (2, 3) they must be (batch, 2) and (batch, 3), of one"
                                + " batch; start(batch) makes a first h");
    }

    @Test
    void parametersThatDoNotBelongTogetherAreRefused() {
        Parameter matrix = Parameter.zeros(DType.F64, 2, 3);
        Parameter vector = Parameter.zeros(DType.F64, 2);
        assertThatThrownBy(() -> new RnnCell(matrix, matrix, vector))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "RNN cell with wx (2, 3), wh (2, 3) and b (2): they must be (inputs, units), (units, units) and"
                                + " (units)");
        assertThatThrownBy(() -> new Linear(matrix, vector))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "linear layer with weight (2, 3) and bias (2): they must be (inputs, outputs) and (outputs)");
    }

    private static void agrees(Sequence sequence, double tolerance) {
        Tensor loss = sequence.loss();
        Gradients gradients = Gradients.of(loss);
        RnnByHand hand = sequence.byHand();
        for (int t = 0; t < sequence.x.length; t++) {
            Tensor h = sequence.states.get(t);
            Expect.close(h.value(), hand.states[t], tolerance);
            Expect.close(gradients.wrt(h).value(), hand.stateBars[t], tolerance);
        }
        Expect.close(gradients.wrt(sequence.cell.wx()).value(), hand.wxBar, tolerance);
        Expect.close(gradients.wrt(sequence.cell.wh()).value(), hand.whBar, tolerance);
        Expect.close(gradients.wrt(sequence.cell.b()).value(), hand.bBar, tolerance);
        Expect.close(gradients.wrt(sequence.start).value(), hand.startBar, tolerance);
    }
}
