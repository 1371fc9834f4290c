package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The networks of the tutorials in Clew: their forward passes, and points to run them at. */
final class Models {
    private static final int STEPS = 5;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int CLASSES = 3;
    private static final List<String> GATES = List.of("f", "i", "g", "o");

    private Models() {}

    /** {@link VanillaRnn}. */
    static Unrolled vanilla(Map<String, Tensor> numbers, LossAt lossAt) {
        Tensor wx = Named.get(numbers, "Wx");
        Tensor wh = Named.get(numbers, "Wh");
        Tensor b = Named.get(numbers, "b");
        Tensor wy = Named.get(numbers, "Wy");
        Tensor c = Named.get(numbers, "c");
        Tensor h = Named.get(numbers, "h0");
        List<Tensor> inputs = Named.steps(numbers, "x");
        List<Tensor> sums = new ArrayList<>();
        List<Tensor> states = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        for (Tensor x : inputs) {
            Tensor a = wx.matmul(x).plus(wh.matmul(h)).plus(b);
            h = a.tanh();
            sums.add(a);
            states.add(h);
            logits.add(wy.matmul(h).plus(c));
        }
        Unrolled unrolled = Unrolled.of(lossAt.of(logits), Named.only(numbers, "Wx", "Wh", "b", "Wy", "c"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", inputs)
                .withSteps("a", sums)
                .withSteps("h", states);
        // With a loss at the last step only, the other outputs are no part of it.
        return lossAt == LossAt.EVERY_STEP ? unrolled.withSteps("o", logits) : unrolled;
    }

    /** {@link SigmoidRnn}. */
    static Unrolled sigmoid(Map<String, Tensor> numbers) {
        Tensor h = Named.get(numbers, "h0");
        List<Tensor> inputs = Named.steps(numbers, "x");
        List<Tensor> sums = new ArrayList<>();
        List<Tensor> states = new ArrayList<>();
        List<Tensor> logits = new ArrayList<>();
        for (Tensor x : inputs) {
            Tensor a = Named.get(numbers, "U")
                    .matmul(x)
                    .plus(Named.get(numbers, "W").matmul(h));
            h = a.sigmoid();
            sums.add(a);
            states.add(h);
            logits.add(Named.get(numbers, "V").matmul(h));
        }
        return Unrolled.of(LossAt.EVERY_STEP.of(logits), Named.only(numbers, "U", "W", "V"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withSteps("x", inputs)
                .withSteps("a", sums)
                .withSteps("h", states)
                .withSteps("o", logits);
    }

    /** {@link Lstm}. */
    static Unrolled lstm(Map<String, Tensor> numbers, boolean hasCellLoss) {
        Tensor h = Named.get(numbers, "h0");
        Tensor c = Named.get(numbers, "c0");
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        for (Tensor x : Named.steps(numbers, "x")) {
            Tensor z = Tensor.concat(0, List.of(h, x));
            Tensor f = affine(numbers, "f", z, steps).sigmoid();
            Tensor i = affine(numbers, "i", z, steps).sigmoid();
            Tensor g = affine(numbers, "g", z, steps).tanh();
            Tensor o = affine(numbers, "o", z, steps).sigmoid();
            c = f.times(c).plus(i.times(g));
            h = o.times(c.tanh());
            Tensor v = Named.get(numbers, "Wv").matmul(h).plus(Named.get(numbers, "bv"));
            Map.of("x", x, "z", z, "f", f, "i", i, "g", g, "o", o, "c", c, "h", h, "v", v)
                    .forEach((name, tensor) -> list(steps, name).add(tensor));
        }
        Tensor loss = LossAt.EVERY_STEP.of(list(steps, "v"));
        if (hasCellLoss) {
            loss = loss.plus(c.square().sum().div(2));
        }
        Unrolled unrolled = Unrolled.of(
                        loss, Named.only(numbers, "Wf", "bf", "Wi", "bi", "Wg", "bg", "Wo", "bo", "Wv", "bv"))
                .withInitial("h0", Named.get(numbers, "h0"))
                .withInitial("c0", Named.get(numbers, "c0"));
        for (String name : List.of("x", "z", "af", "ai", "ag", "ao", "f", "i", "g", "o", "c", "h", "v")) {
            unrolled = unrolled.withSteps(name, list(steps, name));
        }
        return unrolled;
    }

    private static Tensor affine(
            Map<String, Tensor> numbers, String letter, Tensor z, Map<String, List<Tensor>> steps) {
        Tensor a = Named.get(numbers, "W" + letter).matmul(z).plus(Named.get(numbers, "b" + letter));
        list(steps, "a" + letter).add(a);
        return a;
    }

    private static List<Tensor> list(Map<String, List<Tensor>> steps, String name) {
        return steps.computeIfAbsent(name, any -> new ArrayList<>());
    }

    /** A point of {@link VanillaRnn}. */
    static Map<String, NDArray> vanillaPoint(RandomKey key) {
        return new Draw(key)
                .weight("Wx", UNITS, INPUTS)
                .weight("Wh", UNITS, UNITS)
                .weight("b", UNITS, 1)
                .weight("Wy", CLASSES, UNITS)
                .weight("c", CLASSES, 1)
                .data("h0", UNITS)
                .steps("x", STEPS, INPUTS)
                .point();
    }

    /** A point of {@link SigmoidRnn}. */
    static Map<String, NDArray> sigmoidPoint(RandomKey key) {
        return new Draw(key)
                .weight("U", UNITS, INPUTS)
                .weight("W", UNITS, UNITS)
                .weight("V", CLASSES, UNITS)
                .data("h0", UNITS)
                .steps("x", STEPS, INPUTS)
                .point();
    }

    /** A point of {@link Lstm}. */
    static Map<String, NDArray> lstmPoint(RandomKey key) {
        Draw draw = new Draw(key);
        for (String gate : GATES) {
            draw.weight("W" + gate, UNITS, UNITS + INPUTS).weight("b" + gate, UNITS, 1);
        }
        return draw.weight("Wv", CLASSES, UNITS)
                .weight("bv", CLASSES, 1)
                .data("h0", UNITS)
                .data("c0", UNITS)
                .steps("x", STEPS, INPUTS)
                .point();
    }
}
