package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.weight.GateOrder;
import dev.clew.tensor.Parameter;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A cell as an operator of ONNX has it.
 *
 * @param operator {@code RNN}, {@code LSTM} or {@code GRU}
 * @param b (gates·units), or none
 * @param inner the second bias, for all gates or the last, or none
 * @param order for every gate of the operator, which one of the cell's it is; −1 for one that plays no part
 * @param rows for every row of peepholes that the operator has, which one of the cell's it is
 * @param activation of an RNN
 */
record RecurrentOperator(
        String operator,
        Parameter wx,
        Parameter wh,
        Parameter b,
        Optional<Parameter> inner,
        Optional<Parameter> peepholes,
        OptionalDouble clip,
        ImmutableList<Integer> order,
        ImmutableList<Integer> rows,
        ImmutableMap<String, Literal> attributes,
        String activation) {
    private static final ImmutableMap<String, Literal> NONE = ImmutableMap.of();

    static final ImmutableList<Integer> RNN = ImmutableList.of(0);

    static final ImmutableList<Integer> GRU = order(GateOrder.ONNX.gru(), "rzn");
    static final ImmutableList<Integer> LSTM = order(GateOrder.ONNX.lstm(), "ifgo");

    /** f is 1 − i, and its numbers play no part. */
    static final ImmutableList<Integer> COUPLED = order(GateOrder.ONNX.lstm(), "igo");

    static final ImmutableList<Integer> PEEPHOLES = order("iof", "ifo");
    static final ImmutableList<Integer> COUPLED_PEEPHOLES = order("iof", "io");

    /** For every gate of the operator its place in the cell. */
    private static ImmutableList<Integer> order(String operator, String cell) {
        return operator.chars().mapToObj(cell::indexOf).collect(ImmutableList.toImmutableList());
    }

    /** None if ONNX has no operator for the cell. */
    static Optional<RecurrentOperator> of(Cell<?> cell) {
        return switch (cell) {
            case RnnCell rnn -> Optional.of(of(rnn));
            case Gru gru -> Optional.of(of(gru));
            case Lstm lstm when lstm.projection().isEmpty() -> Optional.of(of(lstm));
            default -> Optional.empty();
        };
    }

    private static RecurrentOperator of(RnnCell cell) {
        String activation = switch (cell.activation()) {
            case TANH -> "Tanh";
            case RELU -> "Relu";
        };
        return new RecurrentOperator(
                "RNN",
                cell.wx(),
                cell.wh(),
                cell.b(),
                cell.inner(),
                Optional.empty(),
                cell.clip(),
                RNN,
                RNN,
                NONE,
                activation);
    }

    private static RecurrentOperator of(Gru cell) {
        Literal isAfter = new Literal.Whole(cell.inner().isPresent() ? 1 : 0);
        return new RecurrentOperator(
                "GRU",
                cell.wx(),
                cell.wh(),
                cell.b(),
                cell.inner(),
                Optional.empty(),
                cell.clip(),
                GRU,
                GRU,
                ImmutableMap.of("linear_before_reset", isAfter),
                "");
    }

    private static RecurrentOperator of(Lstm cell) {
        return new RecurrentOperator(
                "LSTM",
                cell.wx(),
                cell.wh(),
                cell.b(),
                cell.inner(),
                cell.peepholes(),
                cell.clip(),
                cell.isCoupled() ? COUPLED : LSTM,
                cell.isCoupled() ? COUPLED_PEEPHOLES : PEEPHOLES,
                cell.isCoupled() ? ImmutableMap.of("input_forget", new Literal.Whole(1)) : NONE,
                "");
    }

    DType dtype() {
        return wx.dtype();
    }

    int inputs() {
        return wx.shape().length(0);
    }

    int units() {
        return wh.shape().length(0);
    }

    /** Whether one operator can do both. */
    boolean goesWith(RecurrentOperator other) {
        return operator.equals(other.operator)
                && dtype() == other.dtype()
                && inputs() == other.inputs()
                && units() == other.units()
                && clip.equals(other.clip)
                && attributes.equals(other.attributes);
    }

    /** (gates·units, inputs), of the matrix (inputs, gates·units) of the cell. */
    double[] weights(Parameter matrix) {
        int units = units();
        int count = matrix.shape().length(0);
        int columns = matrix.shape().length(1);
        double[] from = matrix.value().toDoubles();
        double[] all = new double[order.size() * units * count];
        for (int gate = 0; gate < order.size(); gate++) {
            for (int unit = 0; unit < units && order.get(gate) >= 0; unit++) {
                for (int i = 0; i < count; i++) {
                    all[(gate * units + unit) * count + i] = from[i * columns + order.get(gate) * units + unit];
                }
            }
        }
        return all;
    }

    /** Both biases, one behind the other: (2·gates·units). */
    double[] biases() {
        int units = units();
        double[] all = new double[2 * order.size() * units];
        ordered(b, order, 0, all);
        inner.ifPresent(each -> ordered(each, order, order.size() * units, all));
        return all;
    }

    /** (3·units); 0 without any. */
    double[] peepholeWeights() {
        double[] all = new double[3 * units()];
        peepholes.ifPresent(each -> ordered(each, rows, 0, all));
        return all;
    }

    private void ordered(Parameter from, ImmutableList<Integer> gates, int start, double[] into) {
        int units = units();
        double[] numbers = from.value().toDoubles();
        boolean isLastAlone = numbers.length == units && gates.size() > 1; // A GRU's inner, for n.
        for (int gate = 0; gate < gates.size(); gate++) {
            int own = gates.get(gate);
            boolean isThere = numbers.length > 0 && own >= 0 && (!isLastAlone || own == gates.size() - 1);
            if (isThere) {
                System.arraycopy(numbers, isLastAlone ? 0 : own * units, into, start + gate * units, units);
            }
        }
    }
}
