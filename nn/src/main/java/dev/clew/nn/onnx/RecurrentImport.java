package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Operators of ONNX that are loops over time, as runs of cells. */
final class RecurrentImport {
    /** What is unrolled of all loops of a file: what a file says of its length costs it nothing. */
    private static final int MOST_STEPS = 1 << 17;

    private final Values values;
    private final List<ImmutableList<Run<?>>> runs = new ArrayList<>();
    private long steps;

    RecurrentImport(Values values) {
        this.values = values;
    }

    ImmutableList<ImmutableList<Run<?>>> runs() {
        return ImmutableList.copyOf(runs);
    }

    List<Tensor> of(Call node) throws MalformedMessageException {
        return switch (node.operator()) {
            case "RNN", "GRU", "LSTM" -> loop(node);
            default -> List.of();
        };
    }

    private String input(Call node, int i) {
        return i < node.inputs().size() ? node.inputs().get(i) : "";
    }

    private List<Tensor> loop(Call node) throws MalformedMessageException {
        if (node.inputs().size() < 4) {
            throw new MalformedMessageException("a " + node.operator() + " has "
                    + node.inputs().size() + " inputs; in models of Clew it has X, W, R, B and more");
        }
        Tensor x = values.tensor(input(node, 0)).transpose(1, 0, 2);
        String direction = direction(node);
        int directions = direction.equals("bidirectional") ? 2 : 1;
        int units = Math.toIntExact(node.whole("hidden_size", 0));
        requireFew(x.shape().length(1) * (long) directions);
        List<Run<?>> made = new ArrayList<>();
        for (int i = 0; i < directions; i++) {
            boolean isBackwards = i == 1 || direction.equals("reverse");
            made.add(run(node, new Direction(i, directions, units, x.shape().length(2)), x, isBackwards));
        }
        runs.add(ImmutableList.copyOf(made));
        return results(made);
    }

    private static String direction(Call node) throws MalformedMessageException {
        String direction = node.word("direction", "forward");
        node.require(
                List.of("forward", "reverse", "bidirectional").contains(direction),
                "direction",
                "forward, reverse or bidirectional");
        return direction;
    }

    /** Y (time, directions, batch, units), Y_h and Y_c (directions, batch, units). */
    private static List<Tensor> results(List<Run<?>> made) {
        List<List<Tensor>> states =
                made.stream().map(run -> States.tensors(run.last())).toList();
        List<Tensor> all = new ArrayList<>();
        all.add(Tensor.stack(
                1, made.stream().map(run -> run.outputs().transpose(1, 0, 2)).toList()));
        for (int part = 0; part < states.getFirst().size(); part++) {
            int which = part;
            all.add(Tensor.stack(0, states.stream().map(each -> each.get(which)).toList()));
        }
        return all;
    }

    private void requireFew(long more) throws MalformedMessageException {
        steps += more;
        if (steps > MOST_STEPS) {
            throw new MalformedMessageException("its loops have " + steps
                    + " steps or more; each is a formula, and at most " + MOST_STEPS + " are read");
        }
    }

    /** Which of the directions of an operator, and how wide it is. */
    private record Direction(int number, int count, int units, int inputs) {
        RecurrentNotes notes() {
            return new RecurrentNotes(number);
        }
    }

    private Run<?> run(Call node, Direction of, Tensor x, boolean isBackwards) throws MalformedMessageException {
        return switch (node.operator()) {
            case "RNN" -> run(rnn(node, of), node, of, x, isBackwards);
            case "GRU" -> run(gru(node, of), node, of, x, isBackwards);
            default -> run(lstm(node, of), node, of, x, isBackwards);
        };
    }

    private <S> Run<S> run(Cell<S> cell, Call node, Direction of, Tensor x, boolean isBackwards)
            throws MalformedMessageException {
        Run<S> run = Run.of(cell, x);
        if (!input(node, 4).isEmpty()) {
            run = run.withLengths(values.tensor(input(node, 4)));
        }
        if (!input(node, 5).isEmpty()) {
            S zeros = cell.start(x.shape().length(0));
            List<Tensor> starts = new ArrayList<>();
            for (int part = 0; part < States.tensors(zeros).size(); part++) {
                starts.add(values.tensor(input(node, 5 + part)).get(0, of.number));
            }
            run = run.from(States.withTensors(zeros, starts));
        }
        return isBackwards ? run.backwards() : run;
    }

    private RnnCell rnn(Call node, Direction of) throws MalformedMessageException {
        List<String> activations = node.words("activations");
        String activation = activations.size() > of.number ? activations.get(of.number) : "Tanh";
        RnnCell.Activation known = switch (activation) {
            case "Tanh" -> RnnCell.Activation.TANH;
            case "Relu" -> RnnCell.Activation.RELU;
            default ->
                throw new MalformedMessageException(
                        "an RNN has the activation '" + activation + "'; those of Clew are Tanh and Relu");
        };
        Weights weights = weights(node, of, RecurrentOperator.RNN, RecurrentOperator.RNN);
        return new RnnCell(weights.wx, weights.wh, weights.b, known, weights.inner, clip(node));
    }

    private Gru gru(Call node, Direction of) throws MalformedMessageException {
        Weights weights = weights(node, of, RecurrentOperator.GRU, RecurrentOperator.GRU);
        boolean isAfter = node.flag("linear_before_reset", false);
        if (!isAfter && weights.inner.isPresent()) {
            throw new MalformedMessageException(
                    "a GRU with the reset before the product has a second bias; in models of Clew it is 0");
        }
        Optional<Parameter> inner = weights.inner;
        if (isAfter && inner.isEmpty()) {
            inner = Optional.of(named(node, of, "inner", Parameter.zeros(weights.wx.dtype(), of.units)));
        }
        return new Gru(weights.wx, weights.wh, weights.b, inner, clip(node));
    }

    private Lstm lstm(Call node, Direction of) throws MalformedMessageException {
        boolean isCoupled = node.flag("input_forget", false);
        Weights weights = weights(
                node, of, RecurrentOperator.LSTM, isCoupled ? RecurrentOperator.COUPLED : RecurrentOperator.LSTM);
        Optional<Parameter> peepholes = Optional.empty();
        if (!input(node, 7).isEmpty()) {
            ImmutableList<Integer> rows = isCoupled ? RecurrentOperator.COUPLED_PEEPHOLES : RecurrentOperator.PEEPHOLES;
            int count = isCoupled ? 2 : 3;
            double[] numbers = ordered(numbers(node, 7, of, 3 * of.units), of.units, 1, rows, count);
            peepholes = Optional.of(named(node, of, "peepholes", parameter(node, Shape.of(count, of.units), numbers)));
        }
        return new Lstm(
                weights.wx, weights.wh, weights.b, peepholes, Optional.empty(), isCoupled, weights.inner, clip(node));
    }

    private static OptionalDouble clip(Call node) throws MalformedMessageException {
        return node.has("clip") ? OptionalDouble.of(node.real("clip")) : OptionalDouble.empty();
    }

    /** @param inner the second bias, if it is not 0 */
    private record Weights(Parameter wx, Parameter wh, Parameter b, Optional<Parameter> inner) {}

    /**
     * The parameters of a cell.
     *
     * @param gates of the operator
     * @param order for every gate of the operator, which one of the cell's it is
     */
    private Weights weights(Call node, Direction of, ImmutableList<Integer> gates, ImmutableList<Integer> order)
            throws MalformedMessageException {
        int units = of.units;
        int all = gates.size() * units;
        int own = (int) order.stream().filter(gate -> gate >= 0).count();
        double[] w = numbers(node, 1, of, all * of.inputs);
        double[] r = numbers(node, 2, of, all * units);
        double[] biases = numbers(node, 3, of, 2 * all);
        double[] first = ordered(biases, units, 1, order, own);
        double[] second = ordered(Arrays.copyOfRange(biases, all, 2 * all), units, 1, order, own);
        return new Weights(
                named(node, of, "wx", matrix(node, ordered(w, units, of.inputs, order, own), of.inputs, own * units)),
                named(node, of, "wh", matrix(node, ordered(r, units, units, order, own), units, own * units)),
                bias(node, of, "b", first, first.length),
                inner(node, of, second));
    }

    /** The second bias, if it was noted, or is not 0. */
    private Optional<Parameter> inner(Call node, Direction of, double[] numbers) throws MalformedMessageException {
        boolean isNoted = of.notes().name(node.notes(), "inner").isPresent();
        boolean isZero = Arrays.stream(numbers).allMatch(number -> number == 0);
        return isNoted || !isZero ? Optional.of(bias(node, of, "inner", numbers, numbers.length)) : Optional.empty();
    }

    /** A bias as long as it was: all gates, the last one alone, or none. What is left out must be 0. */
    private Parameter bias(Call node, Direction of, String part, double[] numbers, int otherwise)
            throws MalformedMessageException {
        int length = of.notes().length(node.notes(), part).orElse(otherwise);
        boolean fits = length == 0 || length == of.units || length == numbers.length;
        int left = fits ? numbers.length - length : 0;
        if (!fits || Arrays.stream(numbers, 0, left).anyMatch(number -> number != 0)) {
            throw new MalformedMessageException("a " + node.operator() + " of " + of.units + " units is said to have "
                    + length + " numbers as " + part + ", but has others beside them");
        }
        double[] own = Arrays.copyOfRange(numbers, left, numbers.length);
        return named(node, of, part, parameter(node, Shape.of(length), own));
    }

    private Parameter named(Call node, Direction of, String part, Parameter parameter)
            throws MalformedMessageException {
        String direction = of.count == 1 ? "" : of.number == 0 ? ".forward" : ".backward";
        String name = of.notes().name(node.notes(), part).orElse(node.outputs().getFirst() + direction + "." + part);
        return values.parameter(name, parameter);
    }

    /** The rows of gates in the order of the cell. */
    private static double[] ordered(double[] from, int units, int width, ImmutableList<Integer> order, int own) {
        double[] into = new double[own * units * width];
        for (int gate = 0; gate < order.size(); gate++) {
            if (order.get(gate) >= 0) {
                System.arraycopy(from, gate * units * width, into, order.get(gate) * units * width, units * width);
            }
        }
        return into;
    }

    private Parameter matrix(Call node, double[] rows, int inputs, int columns) throws MalformedMessageException {
        NDArray transposed = NDArray.of(Shape.of(columns, inputs), rows).permute(1, 0);
        return parameter(node, Shape.of(inputs, columns), transposed.toDoubles());
    }

    private Parameter parameter(Call node, Shape shape, double[] numbers) throws MalformedMessageException {
        DType dtype = values.numbers(input(node, 1)).kind().dtype();
        return Parameter.of(NDArray.of(shape, numbers).cast(dtype));
    }

    /** The numbers of one direction. */
    private double[] numbers(Call node, int input, Direction of, int count) throws MalformedMessageException {
        Numbers numbers = values.numbers(input(node, input));
        double[] all = numbers.kind().dtype().isFloating() ? numbers.array().toDoubles() : new double[0];
        if (all.length != of.count * (long) count || of.units <= 0) {
            throw new MalformedMessageException("a " + node.operator() + " of " + of.units + " units, " + of.inputs
                    + " inputs and " + of.count + " directions has " + numbers.kind() + " " + numbers.lengths()
                    + " as '"
                    + input(node, input) + "'; that must be " + of.count + " times " + count + " numbers");
        }
        return Arrays.copyOfRange(all, of.number * count, (of.number + 1) * count);
    }
}
