package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A memory written by the delta rule, one of each sequence: S_t = S_{t−1} + β_t(v_t − S_{t−1}k_t)k_tᵀ, h_t = S_t·q_t, with q, k, v =
 * x_t·W and β = σ(x_t·Wb + bb).
 */
public final class DeltaRule implements AuditedCell {
    static final int STEPS = 12;
    static final int BATCH = 3;
    static final int UNITS = 4;
    static final Readout READOUT = new Readout(Readout.Kind.SQUARED, "d", "o");

    private static final int INPUTS = 3;
    private static final int OUTPUTS = 3;

    @Override
    public String name() {
        return "delta-rule memory";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        return new Draw(seed)
                .normal("Wq", 0.6, INPUTS, UNITS)
                .normal("Wk", 0.4, INPUTS, UNITS)
                .normal("Wv", 0.6, INPUTS, UNITS)
                .normal("Wb", 0.6, INPUTS, 1)
                .normal("bb", 0.4, 1)
                .normal("V", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("S0", 0.5, BATCH, UNITS, UNITS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .normal("y", 0.7, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        Tensor s = Draw.at(point, "S0");
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            Tensor q = Graphs.keep(steps, "q", x.matmul(Draw.at(point, "Wq")));
            Tensor k = Graphs.keep(steps, "k", x.matmul(Draw.at(point, "Wk")));
            Tensor v = Graphs.keep(steps, "v", x.matmul(Draw.at(point, "Wv")));
            Tensor product = x.matmul(Draw.at(point, "Wb"));
            Tensor ab = Graphs.keep(steps, "ab", product.plus(Draw.at(point, "bb")));
            Tensor beta = Graphs.keep(steps, "beta", ab.sigmoid());
            Tensor e = Graphs.keep(steps, "e", v.minus(s.matmul(k.expandDims(2)).squeeze(2)));
            Tensor written = beta.times(e).expandDims(2).matmul(k.expandDims(1));
            s = Graphs.keep(steps, "S", s.plus(written));
            Graphs.keep(steps, "h", s.matmul(q.expandDims(2)).squeeze(2));
        }
        steps.put("o", READOUT.outputs(point, Draw.at(steps, "h")));
        Tensor loss = READOUT.loss(point, Draw.at(steps, "o"));
        return Graphs.unrolled(loss, Graphs.some(point, "Wq", "Wk", "Wv", "Wb", "bb", "V", "d"), steps)
                .withInitial("S0", Draw.at(point, "S0"));
    }

    @Override
    public List<Bug> bugs() {
        return DeltaRuleBugs.all();
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        DeltaRuleByHand pass = new DeltaRuleByHand(point, on);
        ByHand result = pass.result(Backwards.run(pass, on), point);
        Shape shape = Shape.of(BATCH, UNITS, UNITS);
        return result.withAdjoints(
                "S",
                Draw.at(result.adjoints(), "S").stream()
                        .map(each -> each.reshape(shape))
                        .toList());
    }

    @Override
    public String toString() {
        return name();
    }
}
