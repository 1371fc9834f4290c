package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights of Flax (linen): LSTMCell and OptimizedLSTMCell, GRUCell, SimpleCell, Dense, Embed and LayerNorm. Names are the paths in the tree
 * of parameters, joined by {@code /} or by dots: {@code OptimizedLSTMCell_0/hi/kernel}. A map in which a name has a {@code /} is read and
 * written with that, any other with dots.
 *
 * <p>Every gate has a kernel for x and one for h. An LSTM has its bias at h, and a GRU at x, with a second one of n alone at h. So an LSTM
 * with two biases, and a GRU with second ones of r and z, are refused: {@code withMergedBiases()} adds them up, which cannot be undone.
 * Biases of a cell without any are written as 0. A GRU of Flax resets after the product; one that resets before it is refused.
 */
public final class FlaxWeights extends Weights {
    private static final GateOrder ORDER = GateOrder.FLAX;

    private FlaxWeights(String separator, Map<String, NDArray> arrays) {
        super(ORDER, LayerNames.flax(separator), arrays);
    }

    /** To read layers from. */
    public static FlaxWeights of(Map<String, NDArray> arrays) {
        Present.require("FlaxWeights", arrays);
        boolean isOfPaths = arrays.keySet().stream().anyMatch(each -> each.contains("/"));
        return new FlaxWeights(isOfPaths ? "/" : ".", arrays);
    }

    /** To put layers into, whose names are joined by {@code /}. */
    public static FlaxWeights create() {
        return new FlaxWeights("/", Map.of());
    }

    /** Which matrix has the bias: an LSTM that at h, others that at x. */
    private static String biased(CellKind kind) {
        return kind == CellKind.LSTM ? "h" : "i";
    }

    private static List<String> gates(CellKind kind) {
        return kind == CellKind.RNN
                ? List.of("")
                : ORDER.of(kind).chars().mapToObj(Character::toString).toList();
    }

    @Override
    CellParts cell(LayerReader reader, CellKind kind, String prefix) {
        List<NDArray> ofX = new ArrayList<>();
        List<NDArray> ofH = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        String first = name(prefix, "h" + gates(kind).getFirst(), "kernel");
        int units = reader.matrix(first, "(units, units)").shape().length(1);
        int inputs = reader.matrix(name(prefix, "i" + gates(kind).getFirst(), "kernel"), "(inputs, units)")
                .shape()
                .length(0);
        for (String gate : gates(kind)) {
            ofX.add(reader.read(name(prefix, "i" + gate, "kernel"), "(inputs, units)", inputs, units));
            ofH.add(reader.read(name(prefix, "h" + gate, "kernel"), "(units, units)", units, units));
            biases.add(reader.read(name(prefix, biased(kind) + gate, "bias"), "(units)", units));
        }
        Optional<Parameter> inner = kind == CellKind.GRU
                ? Optional.of(Parameter.of(reader.read(name(prefix, "hn", "bias"), "(units)", units)))
                : Optional.empty();
        return new CellParts(
                kind,
                CellParts.matrix(kind, Blocks.join(ofX), ORDER),
                CellParts.matrix(kind, Blocks.join(ofH), ORDER),
                CellParts.bias(kind, Blocks.join(biases), ORDER),
                inner,
                Optional.empty());
    }

    @Override
    List<Named> named(String asked, String prefix, CellParts parts) {
        parts.requireUnprojected(asked, ORDER);
        CellKind kind = parts.kind();
        if (kind == CellKind.GRU) {
            parts.requireResetAfter(asked, ORDER);
        } else {
            parts.requireOneBias(asked, ORDER);
        }
        List<Named> named = new ArrayList<>();
        for (String gate : gates(kind)) {
            int place = Math.max(0, kind.gates().indexOf(gate));
            named.add(block(name(prefix, "i" + gate, "kernel"), parts.wx(), place, kind));
            named.add(block(name(prefix, "h" + gate, "kernel"), parts.wh(), place, kind));
            String bias = name(prefix, biased(kind) + gate, "bias");
            named.add(parts.first()
                    .map(each -> block(bias, each, place, kind))
                    .orElseGet(() -> Named.constant(bias, Blocks.zeros(parts.dtype(), parts.units()))));
        }
        if (kind == CellKind.GRU) {
            named.add(innerOfN(asked, name(prefix, "hn", "bias"), parts));
        }
        return named;
    }

    private static Named block(String name, Parameter all, int place, CellKind kind) {
        return Named.of(name, all, numbers -> Blocks.join(List.of(Blocks.block(numbers, place, kind.count()))));
    }

    private static Named innerOfN(String asked, String name, CellParts parts) {
        Shape ofN = Shape.of(parts.units());
        if (parts.second().isEmpty()) {
            return Named.constant(name, Blocks.zeros(parts.dtype(), parts.units()));
        }
        Parameter inner = parts.second().get();
        if (!inner.shape().equals(ofN)) {
            throw new IllegalArgumentException(asked + " with a GRU with inner " + inner.shape()
                    + ": that of Flax has a second bias of n alone, " + ofN
                    + "; withMergedBiases() adds the others up, which cannot be undone");
        }
        return Named.of(name, inner, numbers -> numbers);
    }
}
