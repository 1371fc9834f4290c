package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** The arrays of one cell, as PyTorch names them. */
final class TorchCells {
    private static final GateOrder ORDER = GateOrder.PYTORCH;

    private TorchCells() {}

    /**
     * A cell.
     *
     * @param name what an array is called, {@code weight_ih}, to its name
     * @param inputs how many it must have
     */
    static CellParts read(LayerReader reader, CellKind kind, UnaryOperator<String> name, OptionalInt inputs) {
        String ofX = name.apply("weight_ih");
        String ofH = name.apply("weight_hh");
        String ofOutput = name.apply("weight_hr");
        NDArray wx = reader.matrix(ofX, "(" + kind.all() + ", inputs)");
        NDArray wh = reader.matrix(ofH, "(" + kind.all() + ", units)");
        boolean isProjected = kind == CellKind.LSTM && reader.has(ofOutput);
        int carried = wh.shape().length(1);
        int units = isProjected
                ? reader.matrix(ofOutput, "(projected, units)").shape().length(1)
                : carried;
        requireGates(reader, kind, ofH, wh, units);
        reader.require(
                ofX,
                "(" + kind.all() + ", inputs)",
                kind.count() * units,
                inputs.orElse(wx.shape().length(1)));
        Optional<Parameter> projection = Optional.empty();
        if (isProjected) {
            NDArray matrix = reader.require(ofOutput, "(projected, units)", carried, units);
            projection = Optional.of(Parameter.of(Blocks.transposed(matrix)));
        }
        boolean isBiased = reader.has(name.apply("bias_ih")) || reader.has(name.apply("bias_hh"));
        return new CellParts(
                kind,
                CellParts.matrix(kind, wx, ORDER),
                CellParts.matrix(kind, wh, ORDER),
                isBiased ? bias(reader, kind, name.apply("bias_ih"), units) : CellParts.none(wx.dtype()),
                inner(reader, kind, name.apply("bias_hh"), units, isBiased, wx),
                projection);
    }

    private static void requireGates(LayerReader reader, CellKind kind, String name, NDArray matrix, int units) {
        int rows = matrix.shape().length(0);
        if (rows != kind.count() * units) {
            throw reader.wrong(
                    name,
                    "and must be (" + kind.count() * units + ", "
                            + matrix.shape().length(1) + "), (" + kind.all()
                            + ", units)"
                            + CellKind.of(rows, units)
                                    .map(other -> "; it is that of a layer of another kind, " + other)
                                    .orElse(""));
        }
    }

    private static Optional<Parameter> inner(
            LayerReader reader, CellKind kind, String name, int units, boolean isBiased, NDArray wx) {
        if (isBiased) {
            return Optional.of(bias(reader, kind, name, units));
        }
        return kind == CellKind.GRU ? Optional.of(CellParts.none(wx.dtype())) : Optional.empty();
    }

    private static Parameter bias(LayerReader reader, CellKind kind, String name, int units) {
        return CellParts.bias(kind, reader.read(name, "(" + kind.all() + ")", kind.count() * units), ORDER);
    }

    /** The way back. */
    static List<Named> named(String asked, UnaryOperator<String> name, CellParts parts) {
        if (parts.kind() == CellKind.GRU) {
            parts.requireResetAfter(asked, ORDER);
        }
        List<Named> named = new ArrayList<>();
        named.add(parts.matrix(name.apply("weight_ih"), parts.wx(), ORDER));
        named.add(parts.matrix(name.apply("weight_hh"), parts.wh(), ORDER));
        if (parts.isBiased()) {
            named.add(parts.bias(name.apply("bias_ih"), parts.first(), ORDER));
            named.add(parts.bias(name.apply("bias_hh"), parts.second(), ORDER));
        }
        parts.projection().ifPresent(each -> named.add(Named.of(name.apply("weight_hr"), each, Blocks::transposed)));
        return named;
    }

    /** Layers of {@code nn.LSTM} are of one kind and size, and each is as wide as the outputs of the one below it. */
    static void requireAlike(String asked, List<List<CellParts>> layers) {
        CellParts first = layers.getFirst().getFirst();
        int directions = layers.getFirst().size();
        for (int i = 0; i < layers.size(); i++) {
            int inputs = i == 0 ? first.inputs() : directions * first.carried();
            for (CellParts each : layers.get(i)) {
                if (layers.get(i).size() != directions || !described(each).equals(described(first, inputs))) {
                    throw new IllegalArgumentException(asked + ": a cell of layer " + i + " is " + described(each)
                            + ", in " + layers.get(i).size() + " directions, and must be " + described(first, inputs)
                            + ", in " + directions
                            + ": layers of PyTorch are of one kind and size; put the cells one by one");
                }
            }
        }
    }

    private static String described(CellParts parts) {
        return described(parts, parts.inputs());
    }

    private static String described(CellParts parts, int inputs) {
        return parts.kind() + " of " + inputs + " inputs and " + parts.units() + " units, "
                + parts.projection()
                        .map(_ -> "projected to " + parts.carried() + ", ")
                        .orElse("")
                + (parts.isBiased() ? "with biases" : "without biases") + ", " + parts.dtype();
    }
}
