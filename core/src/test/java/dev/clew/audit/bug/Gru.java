package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Family;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Layers of GRUs: z, r = σ(x_t·W + h_{t−1}·U + b), h_t = z⊙h_{t−1} + (1 − z)⊙n, where n = tanh(x_t·Wn + (r⊙h_{t−1})·Un + bn), or,
 * with the reset after the product, tanh(x_t·Wn + r⊙(h_{t−1}·Un + qn) + bn). One layer's names have no suffix.
 */
public final class Gru implements AuditedCell {
    static final int STEPS = 12;
    static final Readout READOUT = new Readout(Readout.Kind.CROSS_ENTROPY, "d", "o");
    static final String NOT_SENT_DOWN = "nothing sent to the layer below";
    static final String RECURRENT_DROPPED_BELOW = "term from above overwritten by the recurrent one";
    static final String CARRIES_EXCHANGED = "carries of the layers exchanged";

    private static final int BATCH = 3;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 3;

    private final boolean resetAfter;
    private final List<String> suffixes;

    private Gru(boolean resetAfter, int layers) {
        this.resetAfter = resetAfter;
        this.suffixes = layers == 1
                ? List.of("")
                : IntStream.rangeClosed(1, layers).mapToObj(String::valueOf).toList();
    }

    /** With the reset on the state that the product gets. */
    public static Gru resetBefore() {
        return new Gru(false, 1);
    }

    /** With the reset on what the product gives. */
    public static Gru resetAfter() {
        return new Gru(true, 1);
    }

    /** Several layers, each of which has the states of the one below for its inputs. */
    public static Gru stacked(int layers) {
        return new Gru(true, layers);
    }

    @Override
    public String name() {
        return (suffixes.size() == 1 ? "GRU" : suffixes.size() + " layers of GRUs") + ", reset "
                + (resetAfter ? "after" : "before") + " the product";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        Draw draw = new Draw(seed);
        for (String suffix : suffixes) {
            int inputs = suffix.equals(suffixes.getFirst()) ? INPUTS : UNITS;
            for (String gate : List.of("z", "r", "n")) {
                draw.normal("W" + gate + suffix, 0.7, inputs, UNITS)
                        .normal("U" + gate + suffix, 0.7, UNITS, UNITS)
                        .normal("b" + gate + suffix, 0.4, UNITS);
            }
            draw.normal("h" + suffix + "0", 0.6, BATCH, UNITS);
            if (resetAfter) {
                draw.normal("qn" + suffix, 0.5, UNITS);
            }
        }
        return draw.normal("V", 0.9, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .within("y", 0.05, 0.9, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        Map<String, Tensor> states = new LinkedHashMap<>();
        suffixes.forEach(suffix -> states.put(suffix, Draw.at(point, "h" + suffix + "0")));
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            for (String suffix : suffixes) {
                x = step(point, steps, suffix, x, Draw.at(states, suffix));
                states.put(suffix, x);
            }
        }
        steps.put("o", READOUT.outputs(point, Draw.at(steps, "h" + suffixes.getLast())));
        Tensor loss = READOUT.loss(point, Draw.at(steps, "o"));
        Unrolled unrolled = Graphs.unrolled(loss, Graphs.some(point, (parameters() + " V d").split(" ")), steps);
        for (String suffix : suffixes) {
            unrolled = unrolled.withInitial("h" + suffix + "0", Draw.at(point, "h" + suffix + "0"));
        }
        return unrolled;
    }

    private Tensor step(Map<String, Tensor> point, Map<String, List<Tensor>> steps, String suffix, Tensor x, Tensor h) {
        Tensor az = Graphs.keep(steps, "az" + suffix, Graphs.gate(point, "z" + suffix, x, h));
        Tensor ar = Graphs.keep(steps, "ar" + suffix, Graphs.gate(point, "r" + suffix, x, h));
        Tensor z = Graphs.keep(steps, "z" + suffix, az.sigmoid());
        Tensor r = Graphs.keep(steps, "r" + suffix, ar.sigmoid());
        Tensor un = Draw.at(point, "Un" + suffix);
        Tensor inner = resetAfter
                ? r.times(h.matmul(un).plus(Draw.at(point, "qn" + suffix)))
                : r.times(h).matmul(un);
        Tensor product = x.matmul(Draw.at(point, "Wn" + suffix));
        Tensor an = Graphs.keep(steps, "an" + suffix, product.plus(inner).plus(Draw.at(point, "bn" + suffix)));
        Tensor n = Graphs.keep(steps, "n" + suffix, an.tanh());
        return Graphs.keep(steps, "h" + suffix, z.times(h).plus(Graphs.rest(z).times(n)));
    }

    private String parameters() {
        return String.join(
                " ",
                suffixes.stream()
                        .map(each -> GruBugs.parameters(each, resetAfter))
                        .toList());
    }

    private String initial(int count) {
        return String.join(
                " ",
                suffixes.subList(0, count).stream()
                        .map(each -> "h" + each + "0")
                        .toList());
    }

    @Override
    public List<Bug> bugs() {
        int layers = suffixes.size();
        List<Bug> bugs = new ArrayList<>();
        StringBuilder below = new StringBuilder();
        for (String suffix : suffixes) {
            bugs.addAll(GruBugs.of(suffix, resetAfter, !suffix.equals(suffixes.getFirst()), below.toString()));
            if (layers > 1) {
                bugs.add(Backwards.ofLost(
                        "h" + suffix + "0", GruBugs.parameters(suffix, resetAfter) + " h" + suffix + "0" + below));
            }
            below.append(" ").append(GruBugs.parameters(suffix, resetAfter)).append(" h" + suffix + "0");
        }
        bugs.addAll(Backwards.bugs(parameters(), initial(layers), "V d"));
        bugs.addAll(READOUT.bugs(parameters() + " " + initial(layers) + " V d"));
        if (layers > 1) {
            bugs.addAll(ofLayers());
        }
        return bugs;
    }

    private List<Bug> ofLayers() {
        String all = parameters() + " " + initial(suffixes.size());
        String lower = String.join(
                        " ",
                        suffixes.subList(0, suffixes.size() - 1).stream()
                                .map(each -> GruBugs.parameters(each, resetAfter))
                                .toList())
                + " " + initial(suffixes.size() - 1);
        return List.of(
                Bug.of(
                        NOT_SENT_DOWN,
                        Family.PLUMBING,
                        lower,
                        "The layer below is not given the derivative by its states."),
                Bug.of(
                        RECURRENT_DROPPED_BELOW,
                        Family.TIME,
                        lower,
                        "Below, dh_t is assigned by what comes from t + 1."),
                Bug.of(
                        CARRIES_EXCHANGED,
                        Family.PLUMBING,
                        all,
                        "The first and the last layer are given each other's carry."));
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        List<GruLayer> layers = suffixes.stream()
                .map(suffix -> new GruLayer(point, suffix, resetAfter, on))
                .toList();
        for (Matrix x : Matrix.steps(Draw.at(point, "x"))) {
            Matrix up = x;
            for (GruLayer layer : layers) {
                up = layer.ahead(up);
            }
        }
        GruLayer top = layers.getLast();
        ReadoutByHand hand = new ReadoutByHand(READOUT, point, top.initial(), top.states(), on);
        Stack stack = new Stack(layers, List.of(initial(suffixes.size()).split(" ")), hand, on);
        ByHand result = hand.result(Backwards.run(stack, on), point);
        for (GruLayer layer : layers) {
            for (Map.Entry<String, List<Matrix>> each : layer.activations().entrySet()) {
                result = result.withActivations(each.getKey(), Graphs.arrays(each.getValue()));
            }
        }
        return result;
    }

    /** The layers backward, from above. */
    private record Stack(List<GruLayer> layers, List<String> initial, ReadoutByHand hand, Switches on) implements Step {
        @Override
        public int steps() {
            return STEPS;
        }

        @Override
        public Carry loss(int t, Sweep sweep) {
            List<Matrix> parts = new ArrayList<>();
            layers.forEach(layer -> parts.add(layer.initial().zero()));
            parts.set(layers.size() - 1, hand.back(t, sweep));
            return new Carry(parts);
        }

        @Override
        public Carry back(int t, Carry total, Sweep sweep) {
            List<Matrix> before = new ArrayList<>();
            Matrix fromAbove = layers.getFirst().initial().zero();
            for (int i = layers.size() - 1; i >= 0; i--) {
                boolean isOverwritten = on.has(RECURRENT_DROPPED_BELOW) && t < STEPS - 1;
                Matrix dh = isOverwritten ? total.part(i) : total.part(i).plus(fromAbove);
                GruLayer.Back back = layers.get(i).back(t, dh, sweep);
                before.addFirst(back.toState());
                fromAbove = on.has(NOT_SENT_DOWN) ? dh.zero() : back.toInput();
            }
            if (on.has(CARRIES_EXCHANGED)) {
                Matrix first = before.set(0, before.getLast());
                before.set(before.size() - 1, first);
            }
            return new Carry(before);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
