package dev.clew.nn.layer;

/** h' = tanh(x·wx + h·wh + b), or max(0, ·). */
final class ElmanByHand extends CellByHand {
    private final boolean isRelu;

    ElmanByHand(double[][] wx, double[][] wh, double[] b, boolean isRelu) {
        super(wx, wh, b, 1);
        this.isRelu = isRelu;
    }

    @Override
    int carried() {
        return units;
    }

    @Override
    int outputs() {
        return units;
    }

    @Override
    Cache forward(double[] x, double[] state, double[] next) {
        double[] sums = ofInput(x);
        wh.times(state, sums, 0, 0, units);
        for (int j = 0; j < units; j++) {
            next[j] = isRelu ? Math.max(0, clipped(sums[j])) : candidate(sums[j]);
        }
        return new Cache(x, state, new double[][] {sums}, next);
    }

    @Override
    void backward(Cache cache, double[] nextBar, double[] xBar, double[] stateBar) {
        double[] bar = new double[units];
        for (int j = 0; j < units; j++) {
            double y = cache.output[j];
            boolean isSteep = y > 0 && cache.gates[0][j] == clipped(cache.gates[0][j]);
            double slope = isRelu ? (isSteep ? 1 : 0) : candidateSlope(y);
            bar[j] = nextBar[j] * slope;
        }
        backOfInput(cache.x, xBar, bar);
        wh.back(cache.h, stateBar, bar, 0, 0, units);
    }
}
