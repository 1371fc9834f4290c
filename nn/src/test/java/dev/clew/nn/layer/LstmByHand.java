package dev.clew.nn.layer;

/** {@link Lstm} by hand, with everything it may have. */
final class LstmByHand extends CellByHand {
    final Weight peepholes;
    final Weight projection;
    private final boolean isCoupled;
    private final boolean sees;
    private final boolean projects;

    /** @param peepholes and projection without rows if there are none */
    LstmByHand(
            double[][] wx, double[][] wh, double[] b, double[][] peepholes, double[][] projection, boolean isCoupled) {
        super(wx, wh, b, isCoupled ? 3 : 4);
        this.isCoupled = isCoupled;
        this.sees = peepholes.length > 0;
        this.projects = projection.length > 0;
        this.peepholes = new Weight(sees ? peepholes : new double[1][1]);
        this.projection = new Weight(projects ? projection : new double[1][1]);
    }

    @Override
    int carried() {
        return outputs() + units;
    }

    @Override
    int outputs() {
        return wh.value.length;
    }

    private double seen(int row, int j, double[] c) {
        return sees ? peepholes.value[row][j] * c[j] : 0;
    }

    @Override
    Cache forward(double[] x, double[] state, double[] next) {
        double[] h = head(state, outputs());
        double[] a = ofInput(x);
        wh.times(h, a, 0, 0, a.length);
        int last = isCoupled ? 2 : 3;
        double[][] all = new double[7][units]; // c, i, f, g, o, new c, y
        for (int j = 0; j < units; j++) {
            all[0][j] = state[outputs() + j];
            all[1][j] = gate(a[j] + seen(0, j, all[0]));
            all[2][j] = isCoupled ? 1 - all[1][j] : gate(a[units + j] + seen(1, j, all[0]));
            all[3][j] = candidate(a[(last - 1) * units + j]);
            all[5][j] = all[2][j] * all[0][j] + all[1][j] * all[3][j];
            all[4][j] = gate(a[last * units + j] + seen(last - 1, j, all[5]));
            all[6][j] = all[4][j] * Math.tanh(all[5][j]);
            next[outputs() + j] = all[5][j];
        }
        double[] output = new double[outputs()];
        if (projects) {
            projection.times(all[6], output, 0, 0, outputs());
        } else {
            System.arraycopy(all[6], 0, output, 0, units);
        }
        System.arraycopy(output, 0, next, 0, outputs());
        return new Cache(x, h, all, output);
    }

    @Override
    void backward(Cache cache, double[] nextBar, double[] xBar, double[] stateBar) {
        double[] before = cache.gates[0];
        double[] in = cache.gates[1];
        double[] forget = cache.gates[2];
        double[] candidate = cache.gates[3];
        double[] out = cache.gates[4];
        double[] now = cache.gates[5];
        double[] yBar = new double[units];
        if (projects) {
            projection.back(cache.gates[6], yBar, nextBar, 0, 0, outputs());
        } else {
            System.arraycopy(nextBar, 0, yBar, 0, units);
        }
        int last = isCoupled ? 2 : 3;
        double[] a = new double[(last + 1) * units];
        for (int j = 0; j < units; j++) {
            double squashed = Math.tanh(now[j]);
            double o = yBar[j] * squashed * gateSlope(out[j]);
            double cBar =
                    nextBar[outputs() + j] + yBar[j] * out[j] * (1 - squashed * squashed) + back(last - 1, j, o, now);
            double iBar = cBar * candidate[j];
            double fBar = cBar * before[j];
            double i = (isCoupled ? iBar - fBar : iBar) * gateSlope(in[j]);
            double f = isCoupled ? 0 : fBar * gateSlope(forget[j]);
            stateBar[outputs() + j] = cBar * forget[j] + back(0, j, i, before);
            if (!isCoupled) {
                stateBar[outputs() + j] += back(1, j, f, before);
                a[units + j] = f;
            }
            a[j] = i;
            a[(last - 1) * units + j] = cBar * in[j] * candidateSlope(candidate[j]);
            a[last * units + j] = o;
        }
        double[] hBar = new double[outputs()];
        wh.back(cache.h, hBar, a, 0, 0, a.length);
        System.arraycopy(hBar, 0, stateBar, 0, outputs());
        backOfInput(cache.x, xBar, a);
    }

    /** The way back through a peephole: what comes for what it sees. */
    private double back(int row, int j, double bar, double[] c) {
        if (!sees) {
            return 0;
        }
        peepholes.slope[row][j] += bar * c[j];
        return bar * peepholes.value[row][j];
    }
}
