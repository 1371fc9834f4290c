package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Recurrent networks as plain loops over time, on random real data: what plans are held to the walk on. */
public final class Nets {
    static final int ROWS = 2;
    static final int MOST_ROWS = 5;
    static final int IN = 5;
    static final int UNITS = 8;
    static final int CLASSES = 3;

    private final DType type;
    private final RandomKey key;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Tensor> data = new ArrayList<>();
    private final int from;
    private final int rows;
    private final int mostRows;
    private final int units;
    private int drawn;

    Nets(DType type, long seed) {
        this(type, seed, 0, ROWS);
    }

    /** On the same parameters and data as any other from the same seed, but only on some rows of the data. */
    Nets(DType type, long seed, int from, int to) {
        this(type, seed, from, to, MOST_ROWS, UNITS);
    }

    private Nets(DType type, long seed, int from, int to, int mostRows, int units) {
        this.type = type;
        this.key = RandomKey.of(seed);
        this.from = from;
        this.rows = to - from;
        this.mostRows = mostRows;
        this.units = units;
    }

    /** On so many rows of data, with states of so many units. */
    static Nets ofSize(DType type, long seed, int rows, int units) {
        return new Nets(type, seed, 0, rows, rows, units);
    }

    /** The loss and the last state, and the parameters and the data they depend on. */
    public record Net(Tensor loss, Tensor last, List<Parameter> parameters, List<Tensor> data) {
        /** Loss, last state, and the gradient of every parameter. */
        List<Tensor> outputs() {
            List<Tensor> outputs = new ArrayList<>(values());
            Gradients gradients = Gradients.of(loss);
            parameters.forEach(parameter -> outputs.add(gradients.wrt(parameter)));
            return outputs;
        }

        List<Tensor> values() {
            return List.of(loss, last);
        }
    }

    /** Every network, by name, for a number of steps. */
    public static Map<String, BiFunction<Nets, Integer, Net>> all() {
        Map<String, BiFunction<Nets, Integer, Net>> all = new TreeMap<>();
        all.put("RNN", Nets::rnn);
        all.put("LSTM", Nets::lstm);
        all.put("GRU", Nets::gru);
        all.put("two-layer LSTM", Nets::twoLayers);
        all.put("bidirectional RNN", Nets::bidirectional);
        all.put("encoder-decoder with attention", Nets::attention);
        all.put("minimal gated unit with layer norm", Nets::minimal);
        all.put("tide", Nets::tide);
        return all;
    }

    /** A network by name. */
    static Net net(String name, Nets nets, int steps) {
        BiFunction<Nets, Integer, Net> network = all().get(name);
        if (network == null) {
            throw new IllegalArgumentException("no network " + name);
        }
        return network.apply(nets, steps);
    }

    // ------------------------------------------------------------------------------------------------- what they share

    Parameter parameter(int... shape) {
        Parameter parameter = Parameter.of(real(shape));
        parameters.add(parameter);
        return parameter;
    }

    private NDArray real(int... shape) {
        return key.fold(drawn++).normal(0, 0.5, type, Shape.of(shape));
    }

    private Tensor start() {
        return Tensor.zeros(type, rows, units);
    }

    List<Tensor> inputs(int steps) {
        List<Tensor> inputs = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            NDArray all = real(mostRows, IN);
            inputs.add(Tensor.of(Tensor.of(all).slice(0, from, from + rows).value()));
        }
        data.addAll(inputs);
        return inputs;
    }

    /** A readout of every state, and the sum of the cross-entropies. */
    private Net ended(List<Tensor> states) {
        Parameter w = parameter(states.getFirst().shape().length(1), CLASSES);
        Parameter b = parameter(CLASSES);
        Tensor loss = Tensor.zeros(type);
        for (int t = 0; t < states.size(); t++) {
            int[] labels = new int[rows];
            for (int row = 0; row < rows; row++) {
                labels[row] = (from + row + t) % CLASSES;
            }
            Tensor logits = states.get(t).matmul(w).plus(b);
            loss = loss.plus(logits.logSumExp(1).minus(logits.pick(labels)).sum());
        }
        return new Net(loss, states.getLast(), List.copyOf(parameters), List.copyOf(data));
    }

    /** x·w + h·u + b. */
    private final class Affine {
        private final Parameter w;
        private final Parameter u = parameter(units, units);
        private final Parameter b = parameter(units);

        Affine(int in) {
            this.w = parameter(in, units);
        }

        Tensor of(Tensor x, Tensor h) {
            return x.matmul(w).plus(h.matmul(u)).plus(b);
        }
    }

    // -------------------------------------------------------------------------------------------------- the networks

    Net rnn(int steps) {
        return ended(rnn(inputs(steps)));
    }

    private List<Tensor> rnn(List<Tensor> inputs) {
        Affine next = new Affine(IN);
        List<Tensor> states = new ArrayList<>();
        Tensor h = start();
        for (Tensor x : inputs) {
            h = next.of(x, h).tanh();
            states.add(h);
        }
        return states;
    }

    Net lstm(int steps) {
        return ended(lstm(inputs(steps), IN));
    }

    Net twoLayers(int steps) {
        return ended(lstm(lstm(inputs(steps), IN), units));
    }

    private List<Tensor> lstm(List<Tensor> inputs, int in) {
        Affine input = new Affine(in);
        Affine forget = new Affine(in);
        Affine cell = new Affine(in);
        Affine output = new Affine(in);
        List<Tensor> states = new ArrayList<>();
        Tensor h = start();
        Tensor c = start();
        for (Tensor x : inputs) {
            Tensor kept = forget.of(x, h).sigmoid().times(c);
            c = kept.plus(input.of(x, h).sigmoid().times(cell.of(x, h).tanh()));
            h = output.of(x, h).sigmoid().times(c.tanh());
            states.add(h);
        }
        return states;
    }

    Net gru(int steps) {
        Affine update = new Affine(IN);
        Affine reset = new Affine(IN);
        Affine candidate = new Affine(IN);
        List<Tensor> states = new ArrayList<>();
        Tensor h = start();
        for (Tensor x : inputs(steps)) {
            Tensor z = update.of(x, h).sigmoid();
            Tensor r = reset.of(x, h).sigmoid();
            Tensor n = candidate.of(x, r.times(h)).tanh();
            h = n.plus(z.times(h.minus(n)));
            states.add(h);
        }
        return ended(states);
    }

    Net bidirectional(int steps) {
        List<Tensor> inputs = inputs(steps);
        List<Tensor> forward = rnn(inputs);
        List<Tensor> backward = rnn(inputs.reversed());
        Collections.reverse(backward);
        List<Tensor> both = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            both.add(Tensor.concat(1, List.of(forward.get(t), backward.get(t))));
        }
        return ended(both);
    }

    /** Every step of the decoder looks at all states of the encoder, by dot product. */
    Net attention(int steps) {
        List<Tensor> encoded = rnn(inputs(steps));
        Tensor memory = Tensor.stack(1, encoded);
        Affine next = new Affine(IN);
        Parameter w = parameter(2 * units, units);
        List<Tensor> states = new ArrayList<>();
        Tensor s = encoded.getLast();
        for (Tensor x : inputs(steps)) {
            s = next.of(x, s).tanh();
            Tensor weights = memory.times(s.expandDims(1)).sum(2).softmax(1);
            Tensor context = weights.expandDims(2).times(memory).sum(1);
            states.add(Tensor.concat(1, List.of(s, context)).matmul(w).tanh());
        }
        return ended(states);
    }

    Net minimal(int steps) {
        Affine forget = new Affine(IN);
        Affine candidate = new Affine(IN);
        Parameter gain = parameter(units);
        Parameter shift = parameter(units);
        List<Tensor> states = new ArrayList<>();
        Tensor h = start();
        for (Tensor x : inputs(steps)) {
            Tensor z = forget.of(x, h);
            Tensor centered = z.minus(z.mean(true, 1));
            Tensor scale = centered.square().mean(true, 1).plus(1e-5).rsqrt();
            Tensor f = centered.times(scale).times(gain).plus(shift).sigmoid();
            Tensor c = candidate.of(x, f.times(h)).tanh();
            h = h.plus(f.times(c.minus(h)));
            states.add(h);
        }
        return ended(states);
    }

    /** Invented for the tests: water that rises and falls. Three flows of one state, and a level that leaks. */
    Net tide(int steps) {
        Affine rise = new Affine(IN);
        Affine fall = new Affine(IN);
        Affine wave = new Affine(IN);
        Parameter leak = parameter(units);
        List<Tensor> states = new ArrayList<>();
        Tensor h = start();
        Tensor level = start();
        for (Tensor x : inputs(steps)) {
            Tensor up = rise.of(x, h).softplus();
            Tensor down = fall.of(x, h).sigmoid().times(level);
            level = level.times(leak.sigmoid()).plus(up).minus(down).tanh();
            h = level.times(wave.of(x, h).sin()).plus(h.times(0.5));
            states.add(h);
        }
        return ended(states);
    }
}
