package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A loop over time, or one from each end, as one operator: X (time, batch, inputs) → Y (time, directions, batch, units) and, of the last
 * step, Y_h and Y_c (directions, batch, units).
 */
final class RecurrentExport {
    private final ImmutableList<Run<?>> runs;
    private final ImmutableList<RecurrentOperator> cells;
    private final ImmutableList<Tensor> starts;
    private final int time;
    private final int batch;
    private final int units;
    private ImmutableList<String> given = ImmutableList.of();
    private Optional<ImmutableList<String>> written = Optional.empty();

    private RecurrentExport(List<Run<?>> runs, List<RecurrentOperator> cells) {
        this.runs = ImmutableList.copyOf(runs);
        this.cells = ImmutableList.copyOf(cells);
        this.time = runs.getFirst().x().shape().length(1);
        this.batch = runs.getFirst().x().shape().length(0);
        this.units = cells.getFirst().units();
        boolean isFromZero = runs.stream().allMatch(run -> run.first().isEmpty());
        this.starts = isFromZero
                ? ImmutableList.of()
                : runs.stream()
                        .flatMap(run -> States.tensors(start(run, batch)).stream())
                        .collect(ImmutableList.toImmutableList());
    }

    private static <S> S start(Run<S> run, int batch) {
        return run.first().orElseGet(() -> run.cell().start(batch));
    }

    /** A tensor that a loop gives, and how it is made of what the operator gives. */
    record Result(RecurrentExport loop, Function<Emission, String> made) {}

    /**
     * What stands for the tensors that loops give.
     *
     * @param all loops, each alone or with that from the other end, which goes second
     */
    static Map<Tensor, Result> of(List<ImmutableList<Run<?>>> all) {
        Map<Tensor, Result> results = new HashMap<>();
        for (ImmutableList<Run<?>> runs : all) {
            List<RecurrentOperator> cells =
                    runs.stream().map(RecurrentExport::operator).toList();
            if (areOne(runs, cells)) {
                new RecurrentExport(runs, cells).put(results);
            } else {
                runs.forEach(run -> new RecurrentExport(List.of(run), List.of(operator(run))).put(results));
            }
        }
        return results;
    }

    private static boolean areOne(List<Run<?>> runs, List<RecurrentOperator> cells) {
        Run<?> first = runs.getFirst();
        Run<?> last = runs.getLast();
        return runs.size() == 1
                || (cells.getFirst().goesWith(cells.getLast())
                        && first.x().equals(last.x())
                        && first.lengths().equals(last.lengths())
                        && !first.isBackwards()
                        && last.isBackwards()
                        && !beginWithResults(runs));
    }

    /** Whether one of the loops begins with what another has found: then they are computed one after the other. */
    private static boolean beginWithResults(List<Run<?>> runs) {
        List<Tensor> starts = runs.stream()
                .flatMap(run -> run.first().stream())
                .flatMap(state -> States.tensors(state).stream())
                .toList();
        Set<Tensor> before =
                new HashSet<>(starts.isEmpty() ? List.of() : Graph.of(starts).nodes());
        return runs.stream()
                .flatMap(run -> Stream.concat(
                        Stream.of(run.outputs()),
                        run.states().stream().flatMap(state -> States.tensors(state).stream())))
                .anyMatch(before::contains);
    }

    static RecurrentOperator operator(Run<?> run) {
        return RecurrentOperator.of(run.cell())
                .orElseThrow(() -> new IllegalArgumentException("export to ONNX of " + run
                        + " as one operator: there are operators for RnnCell, Gru, and Lstm without a projection;"
                        + " without withRun it is exported step by step"));
    }

    private void put(Map<Tensor, Result> results) {
        for (int i = 0; i < runs.size(); i++) {
            int direction = i;
            Run<?> run = runs.get(i);
            if (run.lengths().isEmpty()) { // With them, a state holds still where the output is 0.
                for (int t = 0; t < time; t++) {
                    int step = t;
                    Tensor h = States.tensors(run.states().get(t)).getFirst();
                    results.put(h, new Result(this, to -> step(to, direction, step)));
                }
            }
            List<Tensor> last = States.tensors(run.last());
            for (int part = 0; part < last.size(); part++) {
                int output = 1 + part;
                results.put(last.get(part), new Result(this, to -> last(to, direction, output)));
            }
            results.put(run.outputs(), new Result(this, to -> outputs(to, direction)));
        }
    }

    /** What the operator reads: x, the lengths, and the states that it begins with. */
    List<Tensor> operands() {
        ImmutableList.Builder<Tensor> all = ImmutableList.builder();
        all.add(runs.getFirst().x());
        runs.getFirst().lengths().ifPresent(all::add);
        return all.addAll(starts).build();
    }

    /**
     * Writes the operator, once.
     *
     * @param names of parameters, which the operator has in a layout of its own
     */
    void write(Emission to, List<String> x, Function<Parameter, String> names) {
        if (written.isPresent()) {
            return;
        }
        given = ImmutableList.copyOf(x);
        int first = runs.getFirst().lengths().isPresent() ? 2 : 1;
        List<String> begin = x.subList(first, x.size());
        RecurrentOperator cell = cells.getFirst();
        List<String> inputs = new ArrayList<>();
        inputs.add(to.apply("Transpose", Map.of("perm", Emission.axes(1, 0, 2)), x.getFirst()));
        int gates = cell.order().size();
        inputs.add(
                numbers(to, "W", Shape.of(runs.size(), gates * units, cell.inputs()), each -> each.weights(each.wx())));
        inputs.add(numbers(to, "R", Shape.of(runs.size(), gates * units, units), each -> each.weights(each.wh())));
        inputs.add(numbers(to, "B", Shape.of(runs.size(), 2 * gates * units), RecurrentOperator::biases));
        inputs.add(first == 2 ? x.get(1) : "");
        boolean isLstm = cell.operator().equals("LSTM");
        int parts = isLstm ? 2 : 1;
        for (int part = 0; part < parts; part++) {
            inputs.add(begin.isEmpty() ? "" : state(to, begin, part, parts));
        }
        if (cells.stream().anyMatch(each -> each.peepholes().isPresent())) {
            inputs.add(numbers(to, "P", Shape.of(runs.size(), 3 * units), RecurrentOperator::peepholeWeights));
        }
        while (inputs.getLast().isEmpty()) {
            inputs.removeLast();
        }
        written = Optional.of(to.apply(cell.operator(), attributes(), inputs, 1 + parts));
        to.note(notes(names));
    }

    private Map<String, String> notes(Function<Parameter, String> names) {
        Map<String, String> notes = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            notes.putAll(new RecurrentNotes(i).of(cells.get(i), names));
        }
        return notes;
    }

    private String numbers(Emission to, String name, Shape shape, Function<RecurrentOperator, double[]> of) {
        double[] all = Doubles.concat(cells.stream().map(of).toArray(double[][]::new));
        return to.initializer(
                to.fresh(name), NDArray.of(shape, all).cast(cells.getFirst().dtype()));
    }

    /** One of the parts of a state, of all directions. */
    private String state(Emission to, List<String> begin, int part, int parts) {
        List<String> each = IntStream.range(0, runs.size())
                .mapToObj(i -> MovementExport.reshaped(to, begin.get(i * parts + part), Shape.of(1, batch, units)))
                .toList();
        return each.size() == 1
                ? each.getFirst()
                : to.apply("Concat", Map.of("axis", new Literal.Whole(0)), each, 1)
                        .getFirst();
    }

    private Map<String, Literal> attributes() {
        RecurrentOperator cell = cells.getFirst();
        ImmutableMap.Builder<String, Literal> all = ImmutableMap.builder();
        all.put("hidden_size", new Literal.Whole(units));
        String alone = runs.getFirst().isBackwards() ? "reverse" : "forward";
        all.put("direction", new Literal.Word(runs.size() == 2 ? "bidirectional" : alone));
        if (cell.operator().equals("RNN")) {
            all.put(
                    "activations",
                    new Literal.Words(cells.stream()
                            .map(RecurrentOperator::activation)
                            .collect(ImmutableList.toImmutableList())));
        }
        cell.clip().ifPresent(clip -> all.put("clip", new Literal.Real((float) clip)));
        return all.putAll(cell.attributes()).buildOrThrow();
    }

    private String name(int output) {
        return written.orElseThrow().get(output);
    }

    /** (time, directions, batch, units) → (batch, time, units). */
    private String outputs(Emission to, int direction) {
        Shape all = Shape.of(time, runs.size(), batch, units);
        String one = ofDirection(to, name(0), all, 1, direction);
        return to.apply(
                "Transpose",
                Map.of("perm", Emission.axes(1, 0, 2)),
                MovementExport.reshaped(to, one, Shape.of(time, batch, units)));
    }

    private String step(Emission to, int direction, int step) {
        Shape all = Shape.of(time, runs.size(), batch, units);
        String one = MovementExport.sliced(to, name(0), all, 0, step, step + 1);
        String own = ofDirection(to, one, all.with(0, 1), 1, direction);
        return MovementExport.reshaped(to, own, Shape.of(batch, units));
    }

    private String last(Emission to, int direction, int output) {
        String own = ofDirection(to, name(output), Shape.of(runs.size(), batch, units), 0, direction);
        String last = MovementExport.reshaped(to, own, Shape.of(batch, units));
        if (starts.isEmpty() || runs.getFirst().lengths().isEmpty()) {
            return last;
        }
        // A sequence of length 0 stays in the state that it began with; onnxruntime (1.28) gives 0.
        int parts = starts.size() / runs.size();
        String isNone = MovementExport.reshaped(
                to, to.apply("Equal", given.get(1), to.number(DType.I32, 0)), Shape.of(batch, 1));
        return to.apply("Where", isNone, given.get(2 + direction * parts + output - 1), last);
    }

    private String ofDirection(Emission to, String of, Shape shape, int axis, int direction) {
        return runs.size() == 1 ? of : MovementExport.sliced(to, of, shape, axis, direction, direction + 1);
    }
}
