package dev.clew.audit;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.audit.HeldOutCell.Built;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Cells that no list of the audit's own has, in the styles of those who write them. */
final class HeldOutCells {
    private static final int INPUTS = 2;
    private static final int UNITS = 3;
    private static final int BATCH = 2;

    private HeldOutCells() {}

    static List<HeldOutCell> all() {
        return List.of(
                vectors(),
                torchLayout(),
                fusedLstm(),
                scalar(),
                linear(),
                independent(),
                minimal(),
                euler(),
                normalized());
    }

    /** Data are the same at every call. */
    private static List<Tensor> data(int seed, int steps, int... lengths) {
        Random random = new Random(seed);
        return IntStream.range(0, steps)
                .mapToObj(t -> HeldOutCell.normal(random, 1, Shape.of(lengths)))
                .toList();
    }

    private static Tensor squared(List<Tensor> outputs, List<Tensor> targets) {
        return Tensor.sum(IntStream.range(0, outputs.size())
                .mapToObj(t -> outputs.get(t).minus(targets.get(t)).square().sum())
                .toList());
    }

    private static Tensor get(Map<String, Tensor> parameters, String name) {
        return java.util.Objects.requireNonNull(parameters.get(name), name);
    }

    private static Map<String, Shape> shapes(Object... pairs) {
        Map<String, Shape> shapes = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            shapes.put((String) pairs[i], Shape.of((int[]) pairs[i + 1]));
        }
        return shapes;
    }

    private static int[] of(int... lengths) {
        return lengths;
    }

    /** W·h in vectors of rank 1, from zeros that have no name. */
    static HeldOutCell vectors() {
        List<Tensor> x = data(1, 4, INPUTS);
        List<Tensor> y = data(2, 4, 2);
        return new HeldOutCell(
                "vectors",
                shapes("Wx", of(UNITS, INPUTS), "Wh", of(UNITS, UNITS), "b", of(UNITS), "V", of(2, UNITS)),
                (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    List<Tensor> outputs = new ArrayList<>();
                    for (int t = 0; t < x.size(); t++) {
                        Tensor from = mistake.at("carry", h, h);
                        Tensor a = get(p, "Wx")
                                .matmul(x.get(t))
                                .plus(get(p, "Wh").matmul(from))
                                .plus(get(p, "b"));
                        h = mistake.at("tanh", a, a.tanh());
                        states.add(h);
                        outputs.add(get(p, "V").matmul(h));
                    }
                    return new Built(squared(outputs, y), states);
                });
    }

    /** x·Wᵀ in rows, the transpose within the loop; outputs stacked, one loss for all. */
    static HeldOutCell torchLayout() {
        List<Tensor> x = data(3, 4, BATCH, INPUTS);
        Tensor y = data(4, 1, 4, BATCH, 2).getFirst();
        return new HeldOutCell(
                "torch layout",
                shapes("W_ih", of(UNITS, INPUTS), "W_hh", of(UNITS, UNITS), "b", of(UNITS), "V", of(2, UNITS)),
                (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (Tensor each : x) {
                        Tensor from = mistake.at("carry", h, h);
                        Tensor a = each.matmul(get(p, "W_ih").transpose())
                                .plus(from.matmul(get(p, "W_hh").transpose()))
                                .plus(get(p, "b"));
                        h = mistake.at("tanh", a, a.tanh());
                        states.add(h);
                    }
                    Tensor o = Tensor.stack(0, states).matmul(get(p, "V").transpose());
                    return new Built(
                            o.logSoftmax(-1).times(y.square()).sum().negate().div(8), states);
                });
    }

    /** One matrix for four gates and for [h; x]. */
    static HeldOutCell fusedLstm() {
        List<Tensor> x = data(5, 3, BATCH, INPUTS);
        List<Tensor> y = data(6, 3, BATCH, UNITS);
        return new HeldOutCell(
                "fused LSTM", shapes("W", of(UNITS + INPUTS, 4 * UNITS), "b", of(4 * UNITS)), (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    Tensor c = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (Tensor each : x) {
                        Tensor from = mistake.at("carry", h, h);
                        Tensor a = Tensor.concat(1, List.of(from, each))
                                .matmul(get(p, "W"))
                                .plus(get(p, "b"));
                        List<Tensor> gates = a.split(1, 4);
                        Tensor g = gates.get(3);
                        Tensor kept = gates.get(0).sigmoid().times(c);
                        c = kept.plus(gates.get(1).sigmoid().times(mistake.at("g", g, g.tanh())));
                        h = gates.get(2).sigmoid().times(mistake.at("tanh", c, c.tanh()));
                        states.add(h);
                    }
                    return new Built(squared(states, y), states);
                });
    }

    /** All numbers, no arrays. */
    static HeldOutCell scalar() {
        List<Tensor> x = data(7, 5);
        List<Tensor> y = data(8, 5);
        return new HeldOutCell("scalar", shapes("w", of(), "u", of(), "b", of()), (p, mistake) -> {
            Tensor h = Tensor.of(0.0);
            List<Tensor> states = new ArrayList<>();
            for (Tensor each : x) {
                Tensor from = mistake.at("carry", h, h);
                Tensor a = get(p, "w").times(from).plus(get(p, "u").times(each)).plus(get(p, "b"));
                h = mistake.at("tanh", a, a.tanh());
                states.add(h);
            }
            return new Built(squared(states, y), states);
        });
    }

    /** h_t = a⊙h_{t−1} + b⊙x_t. */
    static HeldOutCell linear() {
        List<Tensor> x = data(9, 6, UNITS);
        List<Tensor> y = data(10, 6, UNITS);
        return new HeldOutCell("linear", shapes("a", of(UNITS), "b", of(UNITS)), (p, mistake) -> {
            Tensor h = Tensor.zeros(DType.F64, UNITS);
            List<Tensor> states = new ArrayList<>();
            for (Tensor each : x) {
                h = get(p, "a")
                        .times(mistake.at("carry", h, h))
                        .plus(get(p, "b").times(each));
                states.add(h);
            }
            return new Built(squared(states, y), states);
        });
    }

    /** Units that see themselves only, and a loss at the last step only. */
    static HeldOutCell independent() {
        List<Tensor> x = data(11, 5, BATCH, INPUTS);
        Tensor y = data(12, 1, BATCH, UNITS).getFirst();
        return new HeldOutCell(
                "independent units", shapes("W", of(INPUTS, UNITS), "u", of(UNITS), "b", of(UNITS)), (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (Tensor each : x) {
                        Tensor from = mistake.at("carry", h, h);
                        Tensor a = each.matmul(get(p, "W"))
                                .plus(get(p, "u").times(from))
                                .plus(get(p, "b"));
                        h = mistake.at("tanh", a, a.tanh());
                        states.add(h);
                    }
                    return new Built(h.minus(y).square().mean(), states);
                });
    }

    /** A gate that mixes by lerp. */
    static HeldOutCell minimal() {
        List<Tensor> x = data(13, 3, BATCH, INPUTS);
        List<Tensor> y = data(14, 3, BATCH, UNITS);
        return new HeldOutCell(
                "minimal gated unit",
                shapes(
                        "Wf",
                        of(INPUTS, UNITS),
                        "Uf",
                        of(UNITS, UNITS),
                        "Wn",
                        of(INPUTS, UNITS),
                        "Un",
                        of(UNITS, UNITS)),
                (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (Tensor each : x) {
                        Tensor f = each.matmul(get(p, "Wf")).plus(h.matmul(get(p, "Uf")));
                        Tensor gate = mistake.at("gate", f, f.sigmoid());
                        Tensor a = each.matmul(get(p, "Wn")).plus(gate.times(h).matmul(get(p, "Un")));
                        h = h.lerp(mistake.at("tanh", a, a.tanh()), gate);
                        states.add(h);
                    }
                    return new Built(squared(states, y), states);
                });
    }

    /** A step of Euler's, with a step size of its own. */
    static HeldOutCell euler() {
        List<Tensor> x = data(15, 4, BATCH, INPUTS);
        List<Tensor> y = data(16, 4, BATCH, UNITS);
        List<Tensor> dt = data(17, 4, BATCH, 1);
        return new HeldOutCell(
                "Euler", shapes("W", of(UNITS, UNITS), "U", of(INPUTS, UNITS), "b", of(UNITS)), (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (int t = 0; t < x.size(); t++) {
                        Tensor a = h.matmul(get(p, "W"))
                                .plus(x.get(t).matmul(get(p, "U")))
                                .plus(get(p, "b"));
                        h = h.plus(dt.get(t).square().times(mistake.at("tanh", a, a.tanh())));
                        states.add(h);
                    }
                    return new Built(squared(states, y), states);
                });
    }

    /** A layer norm before the activation. */
    static HeldOutCell normalized() {
        List<Tensor> x = data(18, 3, BATCH, INPUTS);
        List<Tensor> y = data(19, 3, BATCH, UNITS);
        return new HeldOutCell(
                "layer norm",
                shapes("W", of(UNITS, UNITS), "U", of(INPUTS, UNITS), "gain", of(UNITS)),
                (p, mistake) -> {
                    Tensor h = Tensor.zeros(DType.F64, BATCH, UNITS);
                    List<Tensor> states = new ArrayList<>();
                    for (Tensor each : x) {
                        Tensor from = mistake.at("carry", h, h);
                        Tensor s = from.matmul(get(p, "W")).plus(each.matmul(get(p, "U")));
                        Tensor centered = s.minus(s.mean(true, 1));
                        Tensor a = centered.times(centered.square()
                                        .mean(true, 1)
                                        .plus(1e-5)
                                        .rsqrt())
                                .times(get(p, "gain"));
                        h = mistake.at("tanh", a, a.tanh());
                        states.add(h);
                    }
                    return new Built(squared(states, y), states);
                });
    }
}
