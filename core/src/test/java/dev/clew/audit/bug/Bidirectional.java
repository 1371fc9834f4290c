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
import java.util.stream.Stream;

/**
 * Two tanh RNNs, one of which reads from the end: f_t = tanh(x_t·Wf + f_{t−1}·Uf + bf), r_t = tanh(x_t·Wr + r_{t+1}·Ur + br), o_t =
 * f_t·V + r_t·Q + d. The initial state r0 is that after the last step.
 */
public final class Bidirectional implements AuditedCell {
    static final String EXCHANGED = "V and Q exchanged";
    static final String STATES_EXCHANGED = "states exchanged in dV and dQ";
    static final String SAME_STATE_F = "f_t for f_{t−1} in dUf";
    static final String SAME_STATE_R = "r_t for r_{t+1} in dUr";
    static final String OTHER_SIDE = "r_{t−1} for r_{t+1} in dUr";
    static final String WRAPS = "index −1 of the states wraps";
    static final String SAME_ORDER = "reverse direction run backward in the order of the other";
    static final String OTHER_STATE = "slope of r from f";
    static final String DROPPED = "reverse direction dropped";
    static final String UNROLLED = "inputs of the reverse direction not reversed in dWr";

    private static final Readout READOUT = new Readout(Readout.Kind.SQUARED, "d", "o");
    private static final int STEPS = 12;
    private static final int BATCH = 3;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 2;
    private static final String OF_F = "Wf Uf bf f0";
    private static final String OF_R = "Wr Ur br r0";

    @Override
    public String name() {
        return "bidirectional RNN";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        Draw draw = new Draw(seed);
        for (String direction : List.of("f", "r")) {
            draw.normal("W" + direction, 0.5, INPUTS, UNITS)
                    .normal("U" + direction, 0.9, UNITS, UNITS)
                    .normal("b" + direction, 0.3, UNITS)
                    .normal(direction + "0", 0.6, BATCH, UNITS);
        }
        return draw.normal("V", 0.7, UNITS, OUTPUTS)
                .normal("Q", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .normal("y", 0.7, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        IntStream.range(0, STEPS)
                .forEach(t -> Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t)));
        for (String direction : List.of("f", "r")) {
            List<Tensor> xs = Draw.at(steps, "x");
            Tensor state = Draw.at(point, direction + "0");
            for (Tensor x : direction.equals("f") ? xs : xs.reversed()) {
                Tensor a = Graphs.keep(steps, "a" + direction, Graphs.gate(point, direction, x, state));
                state = Graphs.keep(steps, direction, a.tanh());
            }
        }
        steps.computeIfPresent("r", (name, list) -> list.reversed());
        steps.computeIfPresent("ar", (name, list) -> list.reversed());
        List<Tensor> joined = READOUT.outputs(point, Draw.at(steps, "f"));
        for (int t = 0; t < STEPS; t++) {
            Graphs.keep(
                    steps, "o", joined.get(t).plus(Draw.at(steps, "r").get(t).matmul(Draw.at(point, "Q"))));
        }
        Tensor loss = READOUT.loss(point, Draw.at(steps, "o"));
        Map<String, Tensor> parameters = Graphs.some(point, "Wf", "Uf", "bf", "Wr", "Ur", "br", "V", "Q", "d");
        return Graphs.unrolled(loss, parameters, steps)
                .withInitial("f0", Draw.at(point, "f0"))
                .withInitial("r0", Draw.at(point, "r0"));
    }

    @Override
    public List<Bug> bugs() {
        String both = OF_F + " " + OF_R;
        List<Bug> bugs = new ArrayList<>(ofBoth(both));
        bugs.addAll(Backwards.bugs("Wf Uf bf Wr Ur br", "f0 r0", "V Q d"));
        READOUT.bugs(both + " V Q d").stream()
                .filter(bug -> !bug.name().equals(Readout.EARLIER_STATE))
                .forEach(bugs::add);
        bugs.addAll(ofDirection("f", OF_F));
        bugs.addAll(ofDirection("r", OF_R));
        bugs.addAll(SumBugs.of("V"));
        bugs.addAll(SumBugs.of("Q"));
        bugs.addAll(SumBugs.ofBias("d"));
        // The reverse direction does its last step last: to assign leaves the same.
        List<String> same =
                Stream.of("Wr", "Ur", "br", "Q").map(SumBugs::lastStepOnly).toList();
        bugs.removeIf(bug -> same.contains(bug.name()));
        return bugs;
    }

    private static List<Bug> ofBoth(String both) {
        return List.of(
                Bug.of(EXCHANGED, Family.PLUMBING, both, "df_t has do·Qᵀ, and dr_t has do·Vᵀ."),
                Bug.of(STATES_EXCHANGED, Family.PLUMBING, "V Q", "dV has r_t for f_t, and dQ has f_t for r_t."),
                Bug.of(SAME_STATE_F, Family.TIME, "Uf", "dUf has f_t for f_{t−1}."),
                Bug.of(SAME_STATE_R, Family.TIME, "Ur", "dUr has r_t for r_{t+1}."),
                Bug.of(OTHER_SIDE, Family.TIME, "Ur", "dUr has r_{t−1} for r_{t+1}, and the initial state at step 0."),
                Bug.of(WRAPS, Family.TIME, "Uf", "dUf has the last state for the initial one at step 0."),
                Bug.of(SAME_ORDER, Family.ORDER, OF_R, "The reverse direction's backward steps begin at the end, too."),
                Bug.of(OTHER_STATE, Family.ACTIVATION, OF_R, "δr has 1 − f_t² for 1 − r_t²."),
                Bug.of(UNROLLED, Family.TIME, "Wr", "dWr has the inputs in the order of time for those from the end."),
                Bug.of(DROPPED, Family.PLUMBING, OF_R, "The reverse direction is given no derivative."),
                SumBugs.copy("Ur", "Uf"),
                SumBugs.copy("br", "bf"),
                Backwards.ofLost("f0", OF_F),
                Backwards.ofLost("r0", OF_R));
    }

    private static List<Bug> ofDirection(String direction, String chain) {
        List<Bug> bugs = new ArrayList<>(SlopeBugs.of(direction, chain));
        Gate.bugs(direction, chain).stream()
                .filter(bug -> !bug.name().equals(Gate.lacking(direction)))
                .forEach(bugs::add);
        bugs.addAll(SumBugs.of("W" + direction));
        bugs.addAll(SumBugs.of("U" + direction));
        bugs.addAll(SumBugs.ofBias("b" + direction));
        return bugs;
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        Pass pass = new Pass(point, on);
        Sweep sweep = new Sweep(on, STEPS);
        Backwards.run(new Direction(pass, "f"), sweep, on);
        Switches ofReverse = on.has(SAME_ORDER) ? on.and(Backwards.SWEPT_FORWARD) : on;
        Backwards.run(new Direction(pass, "r"), sweep, ofReverse);
        ByHand result = sweep.result(point).withLoss(pass.loss());
        for (Map.Entry<String, List<Matrix>> each : pass.activations.entrySet()) {
            result = result.withActivations(each.getKey(), Graphs.arrays(each.getValue()));
        }
        return result;
    }

    /** Forward in both directions. */
    private static final class Pass {
        private final Switches on;
        private final Map<String, NDArray> point;
        private final Map<String, Gate> gates = new LinkedHashMap<>();
        private final Map<String, List<Matrix>> activations = new LinkedHashMap<>();
        private final List<Matrix> xs;
        private final List<Matrix> ys;

        Pass(Map<String, NDArray> point, Switches on) {
            this.on = on;
            this.point = point;
            this.xs = Matrix.steps(Draw.at(point, "x"));
            this.ys = Matrix.steps(Draw.at(point, "y"));
            run("f", xs);
            run("r", xs.reversed());
            activations.replaceAll((name, list) -> name.endsWith("r") ? list.reversed() : list);
            List<Matrix> os = new ArrayList<>();
            for (int t = 0; t < STEPS; t++) {
                os.add(at("f", t)
                        .dot(matrix("V"))
                        .plus(at("r", t).dot(matrix("Q")))
                        .plus(matrix("d")));
            }
            activations.put("o", os);
        }

        private void run(String direction, List<Matrix> inputs) {
            Gate gate = new Gate(direction, direction, point, on);
            gates.put(direction, gate);
            List<Matrix> preactivations = new ArrayList<>();
            List<Matrix> states = new ArrayList<>();
            Matrix state = matrix(direction + "0");
            for (Matrix x : inputs) {
                preactivations.add(gate.of(x, state));
                state = preactivations.getLast().tanh();
                states.add(state);
            }
            activations.put("a" + direction, preactivations);
            activations.put(direction, states);
        }

        Matrix matrix(String name) {
            return Matrix.of(Draw.at(point, name));
        }

        Matrix at(String name, int t) {
            return Draw.at(activations, name).get(t);
        }

        double loss() {
            return IntStream.range(0, STEPS)
                    .mapToDouble(t -> READOUT.loss(at("o", t), ys.get(t)))
                    .sum();
        }
    }

    /** One direction backward; the step of a sweep is counted from where the direction begins. */
    private record Direction(Pass pass, String name) implements Step {
        private boolean isReverse() {
            return name.equals("r");
        }

        private int time(int count) {
            return isReverse() ? STEPS - 1 - count : count;
        }

        private boolean has(String bug) {
            return pass.on.has(bug);
        }

        @Override
        public int steps() {
            return STEPS;
        }

        @Override
        public List<String> initial() {
            return List.of(name + "0");
        }

        @Override
        public Carry loss(int count, Sweep sweep) {
            int t = time(count);
            Matrix slope = READOUT.slope(pass.at("o", t), pass.ys.get(t), STEPS, pass.on);
            String other = isReverse() ? "f" : "r";
            Matrix seen = pass.at(has(STATES_EXCHANGED) ? other : name, t);
            sweep.add(
                    isReverse() ? "Q" : "V",
                    name + "_tᵀ·do_t",
                    t,
                    seen.transposed().dot(slope));
            if (!isReverse()) {
                sweep.addRows("d", "do_t", t, slope);
            }
            Matrix weights = pass.matrix(isReverse() != has(EXCHANGED) ? "Q" : "V");
            Matrix toState = slope.dot(weights.transposed());
            return Carry.of(has(DROPPED) && isReverse() ? toState.zero() : toState);
        }

        @Override
        public Carry back(int count, Carry total, Sweep sweep) {
            int t = time(count);
            sweep.adjoint(name, t, total.part(0));
            String taken = isReverse() && has(OTHER_STATE) ? "f" : name;
            Matrix slope = SlopeBugs.tanh(name, pass.at(taken, t), pass.at("a" + name, t), pass.on);
            Matrix x = pass.xs.get(isReverse() && has(UNROLLED) ? count : t);
            Gate gate = Draw.at(pass.gates, name);
            return Carry.of(gate.back(t, total.part(0).by(slope), x, seen(count), sweep));
        }

        private Matrix seen(int count) {
            if (has(isReverse() ? SAME_STATE_R : SAME_STATE_F)) {
                return pass.at(name, time(count));
            }
            boolean isOther = isReverse() && has(OTHER_SIDE);
            if (isOther && time(count) > 0) {
                return pass.at(name, time(count) - 1);
            }
            if (!isReverse() && has(WRAPS) && count == 0) {
                return pass.at(name, STEPS - 1);
            }
            return count == 0 || isOther ? pass.matrix(name + "0") : pass.at(name, time(count - 1));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
