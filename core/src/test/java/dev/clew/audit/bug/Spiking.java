package dev.clew.audit.bug;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Leaky neurons that fire: a_t = x_t·W + s_{t−1}·U + b, v_t = σ(r)⊙v_{t−1}⊙(1 − s_{t−1}) + clip(a_t), s_t = 1 where v_t > 1, with the
 * slope of atan(π(v_t − 1))/π for that of the jump.
 */
public final class Spiking implements AuditedCell {
    static final int STEPS = 12;
    static final double LIMIT = 1.6;
    static final Readout READOUT = new Readout(Readout.Kind.CROSS_ENTROPY, "d", "o");

    private static final int BATCH = 3;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 3;

    @Override
    public String name() {
        return "spiking RNN";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        return new Draw(seed)
                .normal("W", 0.7, INPUTS, UNITS)
                .normal("U", 0.7, UNITS, UNITS)
                .within("b", 0.5, 1.3, UNITS)
                .normal("r", 0.8, UNITS)
                .normal("V", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .within("s0", 0.1, 0.9, BATCH, UNITS)
                .normal("v0", 0.7, BATCH, UNITS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .within("y", 0.05, 0.9, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        Tensor s = Draw.at(point, "s0");
        Tensor v = Draw.at(point, "v0");
        Tensor decay = Draw.at(point, "r").sigmoid();
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            Tensor a = Graphs.keep(steps, "a", Graphs.gate(point, "", x, s));
            v = Graphs.keep(steps, "v", decay.times(v).times(Graphs.rest(s)).plus(a.clip(-LIMIT, LIMIT)));
            Tensor smooth = v.minus(1).times(Math.PI).atan().div(Math.PI);
            s = Graphs.keep(steps, "s", v.greaterThan(1).cast(DType.F64).withDerivativeOf(smooth));
        }
        steps.put("o", READOUT.outputs(point, Draw.at(steps, "s")));
        Tensor loss = READOUT.loss(point, Draw.at(steps, "o"));
        return Graphs.unrolled(loss, Graphs.some(point, "W", "U", "b", "r", "V", "d"), steps)
                .withInitial("s0", Draw.at(point, "s0"))
                .withInitial("v0", Draw.at(point, "v0"));
    }

    @Override
    public List<Bug> bugs() {
        return SpikingByHand.bugs();
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        SpikingByHand pass = new SpikingByHand(point, on);
        return pass.result(Backwards.run(pass, on), point);
    }

    @Override
    public String toString() {
        return name();
    }
}
