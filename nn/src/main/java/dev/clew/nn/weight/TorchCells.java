package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
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
        Optional<NDArray> projection = kind == CellKind.LSTM && reader.has(ofOutput)
                ? Optional.of(reader.matrix(ofOutput, "(projected, units)"))
                : Optional.empty();
        int carried = wh.shape().length(1);
        int units = projection.map(each -> each.shape().length(1)).orElse(carried);
        reader.requireGates(ofH, "(" + kind.all() + ", units)", Shape.of(kind.count() * units, carried), units);
        reader.require(
                ofX,
                "(" + kind.all() + ", inputs)",
                kind.count() * units,
                inputs.orElse(wx.shape().length(1)));
        projection.ifPresent(_ -> reader.require(ofOutput, "(projected, units)", carried, units));
        boolean isBiased = reader.has(name.apply("bias_ih")) || reader.has(name.apply("bias_hh"));
        return new CellParts(
                kind,
                CellParts.matrix(kind, wx, ORDER),
                CellParts.matrix(kind, wh, ORDER),
                isBiased ? bias(reader, kind, name.apply("bias_ih"), units) : CellParts.none(wx.dtype()),
                inner(reader, kind, name.apply("bias_hh"), units, isBiased, wx),
                projection.map(each -> Parameter.of(Blocks.transposed(each))));
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
