package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws sketches: calls of whatever fits, or a cell that a loop applies to the slices of one stack. */
final class Sketches {
    private static final double LARGE = 30;
    private static final int MOST_CALLS = 11;
    private static final int MOST_STEPS = 4;
    private static final int TRIES = 4;
    /** One in so many sketches is a cell with gates. */
    private static final int EACH_CELL = 8;

    private static final List<Rule> ELEMENTWISE = ElementwiseRules.all().stream()
            .map(rule -> Rules.named(rule.text()))
            .toList();
    private static final List<Rule> OTHERS =
            Rules.ALL.stream().filter(rule -> !ELEMENTWISE.contains(rule)).toList();

    /** What compilers rewrite most. */
    private static final List<Rule> REWRITTEN = Stream.of(
                    "$0.matmul($1)",
                    "$0.matmul($1)",
                    "$0.transpose($i)",
                    "$0.linearRecurrence($i, $1)",
                    "$0.gather($1)",
                    "$0.gather($i, $1)",
                    "$0.slice($i)",
                    "$0.get($i)",
                    "Tensor.concat($i, List.of($*))",
                    "Tensor.sum(List.of($*))",
                    "$0.sum($b, $r)")
            .map(Rules::named)
            .toList();

    private final Drawing drawing;

    private Sketches(SplittableRandom random) {
        this.drawing = new Drawing(random);
    }

    static Sketch draw(long seed) {
        Sketches sketches = new Sketches(new SplittableRandom(seed));
        return Math.floorMod(seed, EACH_CELL) == EACH_CELL / 2 ? sketches.cell() : sketches.draw();
    }

    private Sketch cell() {
        new CellSketch(drawing).draw();
        calls(drawing.between(0, 3));
        return new Sketch(drawing.lines(), outputs(), drawing.chance(0.1));
    }

    private Sketch draw() {
        if (drawing.chance(0.35)) {
            loop();
        } else {
            IntStream.range(0, drawing.between(1, 3)).forEach(_ -> drawing.floating(0));
        }
        calls(drawing.between(1, MOST_CALLS));
        return new Sketch(drawing.lines(), outputs(), drawing.chance(0.3));
    }

    private void calls(int count) {
        for (int i = 0; i < count; i++) {
            for (int tried = 0; tried < TRIES && !call(); tried++) {
                // Nothing was there that the rule could be applied to.
            }
        }
    }

    private boolean call() {
        List<Rule> rules = drawing.chance(0.3) ? ELEMENTWISE : drawing.chance(0.5) ? OTHERS : REWRITTEN;
        Rule rule = rules.get(drawing.below(rules.size()));
        int line = rule.choice().draw(drawing, rule);
        if (line >= 0 && drawing.value(line).isFloating() && drawing.value(line).largest() > LARGE) {
            drawing.add(Rules.named("$0.tanh()"), new int[0], line);
        }
        return line >= 0;
    }

    /** What nobody uses, and some of the others. */
    private List<Integer> outputs() {
        boolean[] used = new boolean[drawing.size()];
        drawing.lines().forEach(line -> IntStream.of(line.in()).forEach(input -> used[input] = true));
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < used.length; i++) {
            if (drawing.lines().get(i) instanceof Line.Call && (!used[i] || drawing.chance(0.1))) {
                ends.add(i);
            }
        }
        return ends.isEmpty() ? List.of(drawing.size() - 1) : ends;
    }

    // --------------------------------------------------------------------------------------------------------- loops

    private void loop() {
        int steps = drawing.between(2, MOST_STEPS);
        DType type = drawing.type();
        int[] each = drawing.shape(0, 3);
        int[] all = IntStream.concat(IntStream.of(steps), IntStream.of(each)).toArray();
        int stack = drawing.leaf(type, all);
        int first = drawing.leaf(type, each);
        boolean slices = drawing.chance(0.3) && each.length > 0;
        int x = step(stack, 0, slices, each);
        int from = drawing.size();
        calls(drawing.between(1, 5));
        int state = state(first, x, type, each);
        List<Line> body = List.copyOf(drawing.lines().subList(from, drawing.size()));
        List<Integer> states = new ArrayList<>(List.of(state));
        for (int t = 1; t < steps; t++) {
            states.add(again(body, from, x, step(stack, t, slices, each), first, states.getLast(), state));
        }
        if (drawing.chance(0.5)) {
            Collections.shuffle(states, new java.util.Random(drawing.below(1000)));
            drawing.add(
                    Rules.named("Tensor.stack($i, List.of($*))"),
                    new int[] {0},
                    states.stream().mapToInt(i -> i).toArray());
        }
    }

    private int step(int stack, int t, boolean slices, int... each) {
        if (!slices) {
            return drawing.add(Rules.named("$0.get($i)"), new int[] {0, t}, stack);
        }
        int slice = drawing.add(Rules.named("$0.slice($i)"), new int[] {0, t, t + 1, 1}, stack);
        return drawing.add(Rules.named("$0.reshape($i)"), each, slice);
    }

    /** The last line of the body that can be the next state, with what came in. */
    private int state(int before, int x, DType type, int... shape) {
        int found = drawing.find(y -> y.type() == type && y.hasShape(shape));
        int sum = drawing.add(Rules.named("Tensor.sum(List.of($*))"), new int[0], found, before, x);
        return drawing.add(Rules.named("$0.tanh()"), new int[0], sum);
    }

    /** The body once more, on the next slice and state; what is trained is shared, other numbers are others. */
    private int again(List<Line> body, int from, int x, int nextX, int first, int before, int state) {
        int[] moved = IntStream.range(0, from + body.size()).toArray();
        moved[x] = nextX;
        moved[first] = before;
        for (int i = 0; i < body.size(); i++) {
            switch (body.get(i)) {
                case Line.Call call ->
                    moved[from + i] = drawing.add((Line.Call)
                            call.on(IntStream.of(call.in()).map(in -> moved[in]).toArray()));
                case Line.Leaf(Line.Role role, Numbers numbers)
                when role != Line.Role.PARAMETER ->
                    moved[from + i] = drawing.append(new Line.Leaf(role, reversed(numbers)), reversed(numbers));
                case Line.Leaf leaf -> {}
            }
        }
        return moved[state];
    }

    private static Numbers reversed(Numbers x) {
        int last = x.size() - 1;
        return Numbers.of(
                x.type(),
                x.shape(),
                IntStream.range(0, x.size())
                        .mapToDouble(i -> x.data()[last - i])
                        .toArray());
    }
}
