package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** x·W + h·U + b by hand, with the names that a gate has, Wf, Uf and bf, and that of the state h. */
final class Gate {
    private final String name;
    private final String state;
    private final Switches on;
    private final Matrix w;
    private final Matrix u;
    private final Matrix b;

    Gate(String name, String state, Map<String, NDArray> point, Switches on) {
        this.name = name;
        this.state = state;
        this.on = on;
        this.w = Matrix.of(Draw.at(point, "W" + name));
        this.u = Matrix.of(Draw.at(point, "U" + name));
        this.b = Matrix.of(Draw.at(point, "b" + name));
    }

    static String transpose(String gate) {
        return "missing transpose of U" + gate;
    }

    static String lacking(String gate) {
        return "term through U" + gate + " missing";
    }

    static String negated(String gate) {
        return "δ" + gate + " negated";
    }

    Matrix of(Matrix x, Matrix h) {
        return x.dot(w).plus(h.dot(u)).plus(b);
    }

    /** What is added to a pre-activation's derivative is added up; what goes to h is given back. */
    Matrix back(int t, Matrix right, Matrix x, Matrix h, Sweep sweep) {
        Matrix delta = on.has(negated(name)) ? right.times(-1) : right;
        sweep.add("W" + name, "x_tᵀ·δ" + name, t, x.transposed().dot(delta));
        sweep.add("U" + name, "h_{t−1}ᵀ·δ" + name, t, h.transposed().dot(delta));
        sweep.addRows("b" + name, "δ" + name, t, delta);
        Matrix through = delta.dot(on.has(transpose(name)) ? u : u.transposed());
        return sweep.term(
                state, "δ" + name + "·U" + name + "ᵀ", t - 1, on.has(lacking(name)) ? through.zero() : through);
    }

    /** What goes to the input of this gate, if that is the state of a layer below. */
    Matrix toInput(Matrix delta) {
        return delta.dot(w.transposed());
    }

    /** The mistakes about one gate, for all that an earlier state reaches. */
    static List<Bug> bugs(String gate, String chain) {
        return new ArrayList<>(List.of(
                Bug.of(transpose(gate), Family.ORDER, chain, "dh_{t−1} has δ·U" + gate + " for δ·U" + gate + "ᵀ."),
                Bug.of(lacking(gate), Family.TIME, chain, "dh_{t−1} lacks what comes through U" + gate + "."),
                Bug.of(negated(gate), Family.SCALE, chain, "δ" + gate + " has the other sign.")));
    }
}
