package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The outputs and the loss by hand. */
final class ReadoutByHand {
    private final Readout readout;
    private final Switches on;
    private final Matrix h0;
    private final List<Matrix> hs;
    private final List<Matrix> ys;
    private final List<Matrix> os = new ArrayList<>();
    private final Matrix v;

    ReadoutByHand(Readout readout, Map<String, NDArray> point, Matrix h0, List<Matrix> hs, Switches on) {
        this.readout = readout;
        this.on = on;
        this.h0 = h0;
        this.hs = hs;
        this.ys = Matrix.steps(Draw.at(point, "y"));
        this.v = Matrix.of(Draw.at(point, "V"));
        Matrix c = Matrix.of(Draw.at(point, readout.bias()));
        hs.forEach(h -> os.add(h.dot(v).plus(c)));
    }

    /** What the loss of a step gives to its state. */
    Matrix back(int t, Sweep sweep) {
        Matrix slope = sweep.term(readout.output(), "∂L/∂o_t", t, readout.slope(os.get(t), ys.get(t), hs.size(), on));
        Matrix seen = !on.has(Readout.EARLIER_STATE) ? hs.get(t) : t == 0 ? h0 : hs.get(t - 1);
        sweep.add("V", "h_tᵀ·do_t", t, seen.transposed().dot(slope));
        sweep.addRows(readout.bias(), "do_t", t, slope);
        return sweep.term("h", "do_t·Vᵀ", t, slope.dot(v.transposed()));
    }

    double loss() {
        double sum = 0;
        for (int t = 0; t < os.size(); t++) {
            sum += readout.loss(os.get(t), ys.get(t));
        }
        return sum;
    }

    /** What was added up, with outputs and loss. */
    ByHand result(Sweep sweep, Map<String, NDArray> point) {
        return sweep.result(point)
                .withActivations(readout.output(), Graphs.arrays(os))
                .withLoss(loss());
    }
}
