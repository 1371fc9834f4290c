package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Long short-term memory (Hochreiter, Schmidhuber, 1997; Gers et al., 2000). With a = x·wx + b + h·wh + inner, whose columns are those
 * of the gates i, f, g, o, in this order, as in PyTorch:
 *
 * <pre>
 * i = σ(aᵢ)   f = σ(a_f)   g = tanh(a_g)   o = σ(aₒ)
 * c' = f∘c + i∘g
 * h' = o∘tanh(c')
 * </pre>
 *
 * <p>With peepholes (Gers, Schmidhuber, 2000), i and f see c, and o sees c', each times its row. With a projection (Sak et al., 2014), h' is
 * that times a matrix. Coupled (Greff et al., 2015), f = 1 − i, and the gates are i, g, o.
 *
 * <p>Shapes: wx (inputs, 4·units), wh (units, 4·units), b (4·units), or (0) for none, inner (4·units), with 3 for 4 if coupled;
 * peepholes (3, units), for i, f, o, or (2, units), for i, o; projection (units, projected), and then wh (projected, 4·units). x (batch,
 * inputs) → h (batch, units) or (batch, projected).
 *
 * @param isCoupled whether what is forgotten is what is let in
 * @param inner a second bias, as PyTorch and ONNX have: what is computed with one is the same, but both move in training
 * @param clip what goes into σ and into tanh of g, peepholes added, is brought into [−clip, clip]; c' is not
 */
public record Lstm(
        Parameter wx,
        Parameter wh,
        Parameter b,
        Optional<Parameter> peepholes,
        Optional<Parameter> projection,
        boolean isCoupled,
        Optional<Parameter> inner,
        OptionalDouble clip)
        implements Cell<Lstm.State> {
    private static final String NAME = "LSTM";

    /** The output before, and the cell. Shapes: (batch, units) both, or h (batch, projected). */
    public record State(Tensor h, Tensor c) {
        /** Of both. */
        public State {
            Present.require("state", h, c);
        }
    }

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not as above, or clip is not above 0
     */
    public Lstm {
        Present.require(NAME, wx, wh, b, peepholes, projection, inner, clip);
        LayerInput.requireClip(NAME, clip);
        Gates gates = new Gates(NAME, isCoupled ? 3 : 4, wx, wh, b, inner);
        Shape rows = Shape.of(isCoupled ? 2 : 3, gates.units());
        if (peepholes.isPresent() && !peepholes.get().shape().equals(rows)) {
            throw new IllegalArgumentException(NAME + " with peepholes "
                    + peepholes.get().shape() + ": for " + gates.units() + " units they must be " + rows);
        }
        int carried = wh.shape().length(0);
        Shape matrix = Shape.of(gates.units(), carried);
        boolean fits = projection.isPresent() ? projection.get().shape().equals(matrix) : carried == gates.units();
        if (!fits) {
            throw new IllegalArgumentException(NAME + " with wh " + wh.shape() + ", " + gates.units() + " units and "
                    + projection.map(each -> "projection " + each.shape()).orElse("no projection")
                    + ": wh has a row for"
                    + " every column of the projection, (units, projected), or without one for every unit");
        }
    }

    /** With one bias. */
    public Lstm(
            Parameter wx,
            Parameter wh,
            Parameter b,
            Optional<Parameter> peepholes,
            Optional<Parameter> projection,
            boolean isCoupled) {
        this(wx, wh, b, peepholes, projection, isCoupled, Optional.empty(), OptionalDouble.empty());
    }

    /** Without peepholes and projection; all parameters uniform on ±1/√units, f64, as PyTorch's begin. */
    public static Lstm create(int inputs, int units, RandomKey key) {
        Present.require(NAME, key);
        return create(inputs, units, DType.F64, Initializer.inverseSquareRoot(units), key);
    }

    /** The same of another type. */
    public static Lstm create(int inputs, int units, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
    }

    /** Without peepholes and projection; all parameters from an initializer. */
    public static Lstm create(int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        Gates made = Gates.create(NAME, 4, inputs, units, units, new Gates.Beginning(dtype, initializer, key));
        return new Lstm(made.wx(), made.wh(), made.b(), Optional.empty(), Optional.empty(), false);
    }

    /**
     * The same parameters, but with this b of the forget gate, at which new ones begin: with 1, a cell remembers until it has learnt to
     * forget (Jozefowicz et al., 2015).
     *
     * @throws IllegalArgumentException if there is no forget gate, or no bias
     */
    public Lstm withForgetBias(double bias) {
        if (isCoupled) {
            throw new IllegalArgumentException(NAME + " with forget bias " + bias + ": coupled, it has no forget gate");
        }
        if (Gates.isNone(b)) {
            throw new IllegalArgumentException(NAME + " with forget bias " + bias + ": its b is (0), it has no biases");
        }
        double[] numbers = b.value().toDoubles();
        int units = numbers.length / 4;
        Arrays.fill(numbers, units, 2 * units, bias);
        Parameter biases = Parameter.of(NDArray.of(b.shape(), numbers).cast(b.dtype()));
        return new Lstm(wx, wh, biases, peepholes, projection, false, inner, clip);
    }

    /** The same parameters, and a second bias, (4·units), or (3·units) if coupled. */
    public Lstm withInner(Parameter bias) {
        Present.require(NAME, bias);
        return new Lstm(wx, wh, b, peepholes, projection, isCoupled, Optional.of(bias), clip);
    }

    /**
     * The same with one bias, the sum of both: for a framework that has one. It computes the same but for rounding; training is another,
     * and the sum cannot be taken apart again.
     */
    public Lstm withMergedBiases() {
        return inner.isEmpty()
                ? this
                : new Lstm(wx, wh, Gates.sum(b, inner.get()), peepholes, projection, isCoupled, Optional.empty(), clip);
    }

    /**
     * The same parameters, with bounds for what goes into the activations of the gates.
     *
     * @throws IllegalArgumentException if the bound is not above 0
     */
    public Lstm withClip(double bound) {
        return new Lstm(wx, wh, b, peepholes, projection, isCoupled, inner, OptionalDouble.of(bound));
    }

    private Gates gates() {
        return new Gates(NAME, isCoupled ? 3 : 4, wx, wh, b, inner);
    }

    @Override
    public State start(int batch) {
        return new State(
                Tensor.zeros(wh.dtype(), batch, wh.shape().length(0)),
                Tensor.zeros(wh.dtype(), batch, gates().units()));
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Present.require(NAME, x, state);
        Gates gates = gates();
        Tensor all = gates.of(x, state.h);
        requireCell(gates, state);
        int last = isCoupled ? 2 : 3;
        Tensor i = into(gates.gate(all, 0, 1), 0, state.c).sigmoid();
        Tensor f = isCoupled
                ? i.negate().plus(1)
                : into(gates.gate(all, 1, 1), 1, state.c).sigmoid();
        Tensor g = LayerInput.clipped(gates.gate(all, last - 1, 1), clip).tanh();
        Tensor c = f.times(state.c).plus(i.times(g));
        Tensor o = into(gates.gate(all, last, 1), last - 1, c).sigmoid();
        Tensor y = o.times(c.tanh());
        Tensor h = projection.isPresent() ? y.matmul(projection.get()) : y;
        return new Out<>(h, new State(h, c));
    }

    private static void requireCell(Gates gates, State state) {
        Shape expected = Shape.of(state.h.shape().length(0), gates.units());
        if (!state.c.shape().equals(expected)) {
            throw new IllegalArgumentException(NAME + " from h " + state.h.shape() + " and c " + state.c.shape()
                    + ": c must be " + expected + "; start(batch) makes a first state");
        }
    }

    /** What goes into σ: with what a peephole adds, if there are any, and within its bounds. */
    private Tensor into(Tensor gate, int row, Tensor c) {
        Tensor seen = peepholes.isPresent() ? gate.plus(c.times(peepholes.get().get(row))) : gate;
        return LayerInput.clipped(seen, clip);
    }
}
