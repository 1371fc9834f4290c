package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One network whose independent parts are created in any order: three products of the input and three of the state. */
final class Reordered {
    private static final int STEPS = 5;
    private static final int WIDTH = 4;

    private Reordered() {}

    /** The last state and the gradients of the parameters; the part that each number of the order names is created early. */
    static List<Tensor> outputs(long seed, List<Integer> order, boolean readoutsFirst) {
        RandomKey key = RandomKey.of(seed);
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            parameters.add(Parameter.of(real(key.fold(i), WIDTH)));
        }
        Tensor h = Tensor.of(real(key.fold(8), 2));
        List<Tensor> states = new ArrayList<>();
        List<Tensor> readouts = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Tensor.of(real(key.fold(9 + t), 2));
            Tensor[] parts = new Tensor[6];
            List<Integer> turns = new ArrayList<>(order);
            turns.addAll(List.of(0, 1, 2, 3, 4, 5));
            for (int part : turns) {
                if (parts[part] == null) {
                    parts[part] = (part < 3 ? x : h).matmul(parameters.get(part));
                }
            }
            Tensor kept = parts[0].plus(parts[3]).sigmoid();
            Tensor fresh = parts[1].plus(parts[4]).tanh();
            Tensor shown = parts[2].plus(parts[5]).sigmoid();
            h = kept.times(h).plus(fresh.times(shown));
            states.add(h);
            if (readoutsFirst) {
                readouts.add(h.matmul(parameters.get(6)).tanh().sum());
            }
        }
        if (!readoutsFirst) {
            states.forEach(
                    state -> readouts.add(state.matmul(parameters.get(6)).tanh().sum()));
        }
        Gradients gradients = Gradients.of(Tensor.sum(readouts));
        List<Tensor> outputs = new ArrayList<>(List.of(h));
        parameters.forEach(parameter -> outputs.add(gradients.wrt(parameter)));
        return outputs;
    }

    private static NDArray real(RandomKey key, int rows) {
        return key.normal(0, 0.5, DType.F64, Shape.of(rows, WIDTH));
    }
}
