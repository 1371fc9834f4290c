package dev.clew.examples.benchmark.job;

import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/** The affine part of a gate: x·wx + h·wh + b. Shapes: wx (inputs, units), wh (units, units), b (units). */
public record Gate(Parameter wx, Parameter wh, Parameter b) {
    static Gate create(int inputs, int units, Fixed fixed) {
        return new Gate(fixed.weight(inputs, units), fixed.weight(units, units), fixed.weight(units));
    }

    Tensor of(Tensor x, Tensor h) {
        return x.matmul(wx).plus(h.matmul(wh)).plus(b);
    }
}
