package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each defect of the five notebooks alone, in a gradient that is right but for it. */
public final class SingleDefects {
    private SingleDefects() {}

    /** All of them, each with a loss under which it can be seen, and two more under the loss of squares. */
    public static List<Tutorial> all() {
        List<Tutorial> all = new ArrayList<>();
        for (Defect defect : Defect.values()) {
            if (defect != Defect.NONE) {
                all.add(of(
                        defect,
                        defect == Defect.EPSILON_IGNORED
                                ? TargetLoss.CROSS_ENTROPY_WITH_EPSILON
                                : TargetLoss.CROSS_ENTROPY));
            }
        }
        all.add(of(Defect.SIGN, TargetLoss.SQUARED_ERROR));
        all.add(of(Defect.NO_TRANSPOSE, TargetLoss.SQUARED_ERROR));
        return all;
    }

    /** One of them, or none. */
    static Tutorial of(Defect defect, TargetLoss loss) {
        return new Tutorial(
                defect + ", " + loss,
                "the notebooks",
                defect.written(),
                defect.right(),
                defect == Defect.NONE,
                defect.expected(),
                numbers -> model(numbers, loss),
                SingleDefects::draw,
                () -> new DefectiveRnn(defect, loss));
    }

    private static Unrolled model(Map<String, Tensor> numbers, TargetLoss targetLoss) {
        Tensor h = Named.get(numbers, "h0");
        List<Tensor> inputs = Named.steps(numbers, "x");
        List<Tensor> states = new ArrayList<>();
        List<Tensor> outputs = new ArrayList<>();
        for (Tensor x : inputs) {
            Tensor sum = Named.get(numbers, "Wx")
                    .matmul(x)
                    .plus(Named.get(numbers, "Wh").matmul(h));
            h = sum.plus(Named.get(numbers, "b")).tanh();
            states.add(h);
            outputs.add(Named.get(numbers, "Wy").matmul(h).plus(Named.get(numbers, "c")));
        }
        Tensor loss = targetLoss.of(outputs, Named.steps(numbers, "y"));
        return Unrolled.of(loss, Named.only(numbers, "Wx", "Wh", "b", "Wy", "c"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", inputs)
                .withSteps("h", states)
                .withSteps("o", outputs);
    }

    private static Map<String, NDArray> draw(RandomKey key) {
        Draw draw = new Draw(key)
                .weight("Wx", 4, 3)
                .weight("Wh", 4, 4)
                .weight("b", 4, 1)
                .weight("Wy", 3, 4)
                .weight("c", 3, 1)
                .data("h0", 4)
                .steps("x", 5, 3);
        for (int t = 0; t < 5; t++) {
            draw.labels("y" + t, 3, 1);
        }
        return draw.point();
    }
}
