package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A random program: lines of numbers and of calls, some of which are asked for. The loss is made of those, see {@link Graph}.
 *
 * @param outputs the lines that are asked for
 * @param seconds whether second derivatives are asked for too
 */
record Sketch(List<Line> lines, List<Integer> outputs, boolean seconds) {
    Sketch {
        lines = List.copyOf(lines);
        outputs = List.copyOf(outputs);
    }

    Sketch with(List<Line> others) {
        return new Sketch(others, outputs, seconds);
    }

    /** The lines that are numbers to be trained. */
    int[] parameters() {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i) instanceof Line.Leaf leaf && leaf.isTrained())
                .toArray();
    }

    /** What every line means, by the oracle. */
    List<Numbers> meaning() {
        return meaning(lines, null);
    }

    /**
     * What every line means with other numbers in place of the leaves.
     *
     * @param frozen what stops gradients keeps these values, and what has another derivative moves on from them
     */
    static List<Numbers> meaning(List<Line> lines, @Nullable List<Numbers> frozen) {
        List<Numbers> values = new ArrayList<>();
        for (Line line : lines) {
            values.add(
                    switch (line) {
                        case Line.Leaf leaf -> leaf.numbers();
                        case Line.Call call -> meaning(call, values, frozen);
                    });
        }
        return values;
    }

    /** What has the derivative of another moves as far as that one. */
    private static Numbers meaning(Line.Call call, List<Numbers> values, @Nullable List<Numbers> frozen) {
        int at = values.size();
        if (frozen != null && call.rule().method().equals("stopGradient")) {
            return frozen.get(at);
        }
        if (frozen != null && call.rule().method().equals("withDerivativeOf")) {
            Numbers before = frozen.get(at);
            Numbers from = frozen.get(call.in()[1]);
            Numbers to = values.get(call.in()[1]);
            return Numbers.build(before.type(), before.shape(), i -> before.get(i) + (to.wide(i) - from.wide(i)));
        }
        return call.rule().meaning().of(operands(call, values), call);
    }

    static List<Numbers> operands(Line.Call call, List<Numbers> values) {
        return IntStream.of(call.in()).mapToObj(values::get).toList();
    }

    /** Without the lines that no output needs. */
    Sketch trimmed() {
        boolean[] needed = new boolean[lines.size()];
        outputs.forEach(output -> needed[output] = true);
        for (int i = needed.length - 1; i >= 0; i--) {
            for (int input : lines.get(i).in()) {
                needed[input] |= needed[i];
            }
        }
        int[] moved = new int[needed.length];
        List<Line> kept = new ArrayList<>();
        for (int i = 0; i < needed.length; i++) {
            moved[i] = kept.size();
            if (needed[i]) {
                kept.add(lines.get(i).on(moved(lines.get(i).in(), moved)));
            }
        }
        return new Sketch(kept, outputs.stream().map(output -> moved[output]).toList(), seconds);
    }

    private static int[] moved(int[] lines, int[] to) {
        return IntStream.of(lines).map(line -> to[line]).toArray();
    }

    /** The same in f64 wherever it is in f32: what it means without rounding. */
    Sketch wide() {
        return with(lines.stream().map(Sketch::wide).toList());
    }

    private static Line wide(Line line) {
        return switch (line) {
            case Line.Leaf(Line.Role role, Numbers numbers)
            when numbers.type() == DType.F32 ->
                new Line.Leaf(role, new Numbers(DType.F64, numbers.shape(), numbers.data()));
            case Line.Call(Rule rule, int[] in, int[] ints, double number, DType type)
            when type == DType.F32 -> new Line.Call(rule, in, ints, number, DType.F64);
            case Line.Leaf leaf -> leaf;
            case Line.Call call -> call;
        };
    }

    /** The same near by, where no number is by chance on a kink. */
    Sketch moved() {
        List<Line> moved = new ArrayList<>();
        for (Line line : lines) {
            int seed = moved.size();
            moved.add(
                    line instanceof Line.Leaf(Line.Role role, Numbers x) && x.type() == DType.F64
                            ? new Line.Leaf(
                                    role,
                                    Numbers.of(
                                            x.type(),
                                            x.shape(),
                                            IntStream.range(0, x.size())
                                                    .mapToDouble(
                                                            i -> x.data()[i] + 0.1 * Math.sin(2 + 5 * i + 11 * seed))
                                                    .toArray()))
                            : line);
        }
        return with(moved);
    }

    /** As Java, line by line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append("Tensor t").append(i).append(" = ");
            switch (lines.get(i)) {
                case Line.Leaf(Line.Role role, Numbers numbers) ->
                    text.append(
                                    switch (role) {
                                        case CONSTANT -> "Tensor.of(";
                                        case PARAMETER -> "Parameter.of(";
                                        case INPUT -> "input(";
                                    })
                            .append(numbers)
                            .append(')');
                case Line.Call call -> text.append(call.text());
            }
            text.append(";\n");
        }
        return text.append("outputs")
                .append(outputs.stream().map(i -> " t" + i).toList())
                .append(seconds ? ", with second derivatives" : "")
                .toString();
    }
}
