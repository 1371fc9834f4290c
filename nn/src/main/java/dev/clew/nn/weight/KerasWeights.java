package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.layer.Gru;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights of Keras 3: LSTM, GRU with {@code reset_after} and without, SimpleRNN, Dense, Embedding and LayerNormalization. Arrays are named
 * by the {@code path} of their variables: {@code sequential/lstm/lstm_cell/recurrent_kernel}, of which {@code sequential/lstm/lstm_cell}
 * is the prefix. The cells of a {@code Bidirectional} have prefixes of their own.
 *
 * <p>An LSTM and a SimpleRNN of Keras have one bias, so a cell with two is refused: {@code withMergedBiases()} adds them up, which cannot be
 * undone. A GRU that resets after the product has both biases of all gates, and is read and written as it is. Cells with {@code
 * use_bias=False} have none.
 */
public final class KerasWeights extends Weights {
    private static final GateOrder ORDER = GateOrder.KERAS;

    private KerasWeights(Map<String, NDArray> arrays) {
        super(ORDER, LayerNames.KERAS, arrays);
    }

    /** To read layers from. */
    public static KerasWeights of(Map<String, NDArray> arrays) {
        Present.require("KerasWeights", arrays);
        return new KerasWeights(arrays);
    }

    /** To put layers into. */
    public static KerasWeights create() {
        return new KerasWeights(Map.of());
    }

    /**
     * A GRU of which is known when it resets: one without a bias does not say it. {@link #gruCell(String)} sees it by the shape of the bias,
     * which is (2, 3·units) if it resets after the product, and (3·units) if before.
     *
     * @param isResetAfter {@code reset_after}, which is true in Keras if nothing else is said
     * @throws IllegalArgumentException if an array is missing or does not fit
     */
    public Gru gruCell(String prefix, boolean isResetAfter) {
        Gru gru = cell(reader("gruCell", prefix), CellKind.GRU, prefix, Optional.of(isResetAfter))
                .gru();
        put(prefix, gru);
        return gru;
    }

    @Override
    CellParts cell(LayerReader reader, CellKind kind, String prefix) {
        return cell(reader, kind, prefix, Optional.empty());
    }

    private CellParts cell(LayerReader reader, CellKind kind, String prefix, Optional<Boolean> isResetAfter) {
        String kernel = name(prefix, "kernel");
        String recurrent = name(prefix, "recurrent_kernel");
        NDArray wx = reader.matrix(kernel, "(inputs, " + kind.all() + ")");
        NDArray wh = reader.matrix(recurrent, "(units, " + kind.all() + ")");
        int units = wh.shape().length(0);
        int all = kind.count() * units;
        reader.requireGates(recurrent, "(units, " + kind.all() + ")", Shape.of(units, all), units);
        reader.require(kernel, "(inputs, " + kind.all() + ")", wx.shape().length(0), all);
        Parameter ofX = CellParts.matrix(kind, wx, ORDER);
        Parameter ofH = CellParts.matrix(kind, wh, ORDER);
        String bias = name(prefix, "bias");
        if (kind == CellKind.GRU) {
            return gru(reader, bias, ofX, ofH, isResetAfter);
        }
        Parameter b = reader.has(bias)
                ? CellParts.bias(kind, reader.read(bias, "(" + kind.all() + ")", all), ORDER)
                : CellParts.none(wx.dtype());
        return new CellParts(kind, ofX, ofH, b, Optional.empty(), Optional.empty());
    }

    private static CellParts gru(
            LayerReader reader, String bias, Parameter wx, Parameter wh, Optional<Boolean> isResetAfter) {
        int all = wx.shape().length(1);
        if (!reader.has(bias)) {
            boolean isAfter = isResetAfter.orElseThrow(() -> reader.wrong("there is no '" + bias
                    + "', so nothing says whether the reset comes after the product; say it: gruCell(prefix, true) is"
                    + " reset_after=True"));
            Parameter none = CellParts.none(wx.dtype());
            Optional<Parameter> inner = isAfter ? Optional.of(CellParts.none(wx.dtype())) : Optional.empty();
            return new CellParts(CellKind.GRU, wx, wh, none, inner, Optional.empty());
        }
        NDArray both = reader.read(bias);
        boolean isAfter = isResetAfter.orElse(both.shape().rank() == 2);
        if (!isAfter) {
            reader.require(bias, "(3·units), where the reset comes before the product", all);
            Parameter b = CellParts.bias(CellKind.GRU, both, ORDER);
            return new CellParts(CellKind.GRU, wx, wh, b, Optional.empty(), Optional.empty());
        }
        reader.require(bias, "(2, 3·units), where the reset comes after the product", 2, all);
        Parameter b = row(both, 0);
        return new CellParts(CellKind.GRU, wx, wh, b, Optional.of(row(both, 1)), Optional.empty());
    }

    private static Parameter row(NDArray both, int row) {
        NDArray one = both.rows(row, row + 1).reshape(Shape.of(both.shape().length(1)));
        return CellParts.bias(CellKind.GRU, one, ORDER);
    }

    @Override
    List<Named> named(String asked, String prefix, CellParts parts) {
        parts.requireUnprojected(asked, ORDER);
        List<Named> named = new ArrayList<>();
        named.add(parts.matrix(name(prefix, "kernel"), parts.wx(), ORDER));
        named.add(parts.matrix(name(prefix, "recurrent_kernel"), parts.wh(), ORDER));
        String bias = name(prefix, "bias");
        if (parts.kind() == CellKind.GRU && parts.inner().isPresent()) {
            if (parts.isBiased()) {
                named.add(parts.bothBiases(bias, ORDER));
            }
        } else {
            parts.requireOneBias(asked, ORDER);
            parts.first().ifPresent(each -> named.add(parts.bias(bias, Optional.of(each), ORDER)));
        }
        return named;
    }
}
