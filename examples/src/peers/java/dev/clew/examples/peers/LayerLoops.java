package dev.clew.examples.peers;

import dev.clew.examples.benchmark.job.LayerRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A step of each cell of {@link LayerRun}, operation by operation, with the weights of its gates side by side. */
final class LayerLoops<T> {
    private final Maths<T, ?> m;

    LayerLoops(Maths<T, ?> maths) {
        this.m = maths;
    }

    /** From a first state on: from an input to the output, step after step. */
    UnaryOperator<T> from(LayerRun.Kind kind, T start) {
        return switch (kind) {
            case LSTM -> lstm(start);
            case GRU -> gru(start);
            case SURPRISE -> surprise(start);
        };
    }

    private T w(String name) {
        return m.weight("cell." + name);
    }

    private UnaryOperator<T> lstm(T start) {
        List<T> hc = new ArrayList<>(List.of(start, start));
        return x -> {
            List<T> z = m.split(m.plus(m.plus(m.matmul(x, w("wx")), m.matmul(hc.get(0), w("wh"))), w("b")), 4);
            T kept = m.times(m.sigmoid(z.get(1)), hc.get(1));
            hc.set(1, m.plus(kept, m.times(m.sigmoid(z.get(0)), m.tanh(z.get(2)))));
            hc.set(0, m.times(m.sigmoid(z.get(3)), m.tanh(hc.get(1))));
            return hc.get(0);
        };
    }

    private UnaryOperator<T> gru(T start) {
        List<T> h = new ArrayList<>(List.of(start));
        return x -> {
            List<T> ofX = m.split(m.plus(m.matmul(x, w("wx")), w("b")), 3);
            List<T> ofH = m.split(m.matmul(h.getFirst(), w("wh")), 3);
            T r = m.sigmoid(m.plus(ofX.get(0), ofH.get(0)));
            T z = m.sigmoid(m.plus(ofX.get(1), ofH.get(1)));
            T n = m.tanh(m.plus(ofX.get(2), m.times(r, m.plus(ofH.get(2), w("inner")))));
            h.set(0, m.plus(n, m.times(z, m.minus(h.getFirst(), n))));
            return h.getFirst();
        };
    }

    private UnaryOperator<T> surprise(T start) {
        List<T> hm = new ArrayList<>(List.of(start, start));
        return x -> {
            T carried = m.plus(m.matmul(hm.get(0), w("wh")), m.matmul(hm.get(1), w("wm")));
            hm.set(0, m.tanh(m.plus(m.plus(m.matmul(x, w("wx")), carried), w("b"))));
            T e = m.minus(hm.get(0), hm.get(1));
            T written = m.sigmoid(m.plus(m.times(m.times(e, e), w("gain")), w("bias")));
            hm.set(1, m.plus(hm.get(1), m.times(written, e)));
            return hm.get(1);
        };
    }
}
