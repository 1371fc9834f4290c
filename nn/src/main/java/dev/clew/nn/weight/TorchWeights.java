package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Layers;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state dict of PyTorch: {@code nn.RNN}, {@code nn.LSTM} and {@code nn.GRU} of any number of layers and both directions, their cells,
 * {@code nn.Linear}, {@code nn.Embedding} and {@code nn.LayerNorm}, both ways and to the last bit.
 *
 * {@snippet lang=java :
 * var weights = TorchWeights.of(file.readAll()); // a map of arrays
 * var model = new Tagger(weights.lstm("encoder.rnn"), weights.linear("head"));
 * weights.requireAllRead();
 * train(model);
 * Safetensors.write(path, weights.arrays(), Map.of()); // the same names
 * }
 *
 * <p>A cell that was read has both biases, {@code bias_ih} as b and {@code bias_hh} as inner, and is trained as PyTorch trains it. One with
 * {@code bias=False} has none. Of a cell that was made here with one bias, {@code bias_hh} is written as 0; of a GRU with the reset after
 * the product and a second bias of n alone, it is 0 for r and z.
 *
 * <p>Some things are in no state dict. The sequences that layers are run over are (batch, time, features), whatever {@code batch_first}
 * was. With {@code dropout=...}, PyTorch drops between the layers while it trains: {@link Layers} says how that is done here. Layers
 * have the type of their arrays. Others are cast before they are read, f64 to f32 for example, since onnxruntime runs LSTMs in f32 alone:
 *
 * {@snippet lang=java :
 * Map<String, NDArray> arrays = new LinkedHashMap<>(file.readAll());
 * arrays.replaceAll((name, array) -> array.cast(DType.F32));
 * var weights = TorchWeights.of(arrays);
 * }
 */
public final class TorchWeights extends Weights {
    private static final GateOrder ORDER = GateOrder.PYTORCH;
    private static final String REVERSE = "_reverse";
    private static final Pattern ARRAY = Pattern.compile("(?:weight|bias)_(?:ih|hh|hr)_l([0-9]{1,9})(_reverse)?");

    private TorchWeights(Map<String, NDArray> arrays) {
        super(ORDER, LayerNames.PYTORCH, arrays);
    }

    /** To read layers from. */
    public static TorchWeights of(Map<String, NDArray> arrays) {
        Present.require("TorchWeights", arrays);
        return new TorchWeights(arrays);
    }

    /** To put layers into. */
    public static TorchWeights create() {
        return new TorchWeights(Map.of());
    }

    // ---------------------------------------------------------------------------------------------------------- layers

    /**
     * An {@code nn.LSTM}, also with {@code proj_size}.
     *
     * @throws IllegalArgumentException if an array is missing or does not fit, or is there without those that go with it
     */
    public Layers<Lstm.State> lstm(String prefix) {
        return layers("lstm", CellKind.LSTM, prefix, CellParts::lstm);
    }

    /**
     * An {@code nn.GRU}.
     *
     * @throws IllegalArgumentException as {@link #lstm}
     */
    public Layers<Tensor> gru(String prefix) {
        return layers("gru", CellKind.GRU, prefix, CellParts::gru);
    }

    /**
     * An {@code nn.RNN}; which activation it has the state dict does not say.
     *
     * @throws IllegalArgumentException as {@link #lstm}
     */
    public Layers<Tensor> rnn(String prefix, RnnCell.Activation activation) {
        Present.require("rnn", prefix, activation);
        return layers("rnn", CellKind.RNN, prefix, parts -> parts.rnn(activation));
    }

    private <S> Layers<S> layers(String asked, CellKind kind, String prefix, Function<CellParts, Cell<S>> make) {
        LayerReader reader = reader(asked, prefix);
        boolean isBothWays = reader.has(name(prefix, "weight_ih_l0" + REVERSE));
        List<Layers.Layer<S>> layers = new ArrayList<>();
        OptionalInt inputs = OptionalInt.empty();
        for (int i = 0; i == 0 || reader.has(name(prefix, "weight_ih_l" + i)); i++) {
            CellParts forward = TorchCells.read(reader, kind, names(prefix, "_l" + i), inputs);
            OptionalInt same = OptionalInt.of(forward.inputs());
            Optional<Cell<S>> backward = isBothWays
                    ? Optional.of(make.apply(TorchCells.read(reader, kind, names(prefix, "_l" + i + REVERSE), same)))
                    : Optional.empty();
            layers.add(new Layers.Layer<>(make.apply(forward), backward));
            inputs = OptionalInt.of((isBothWays ? 2 : 1) * forward.carried());
        }
        requireNoOther(reader, prefix, layers.size(), isBothWays);
        Layers<S> made = new Layers<>(layers);
        put(prefix, made);
        return made;
    }

    /** What who looks for its own arrays alone would pass over: a layer above one that is missing, the arrays of another kind of cell. */
    private void requireNoOther(LayerReader reader, String prefix, int layers, boolean isBothWays) {
        String before = name(prefix, "");
        for (String each : unread()) {
            Matcher array = ARRAY.matcher(each.startsWith(before) ? each.substring(before.length()) : "");
            if (!array.matches()) {
                continue;
            }
            if (Integer.parseInt(array.group(1)) >= layers) {
                throw reader.missing(name(prefix, "weight_ih_l" + layers), each);
            } else if (array.group(2) != null && !isBothWays) {
                throw reader.missing(name(prefix, "weight_ih_l0" + REVERSE), each);
            }
            throw reader.wrong(each, "which is none of its arrays: is it a layer of another kind?");
        }
    }

    private UnaryOperator<String> names(String prefix, String suffix) {
        return which -> name(prefix, which + suffix);
    }

    @Override
    CellParts cell(LayerReader reader, CellKind kind, String prefix) {
        return TorchCells.read(reader, kind, names(prefix, ""), OptionalInt.empty());
    }

    // ------------------------------------------------------------------------------------------------------- the way
    // back

    @Override
    List<Named> named(String asked, String prefix, CellParts parts) {
        if (parts.projection().isPresent()) {
            throw new IllegalArgumentException(
                    asked
                            + " with a cell with a projection: nn.LSTMCell has none, nn.LSTM has: put it as Layers.of(List.of(cell))");
        }
        return TorchCells.named(asked, names(prefix, ""), parts);
    }

    /**
     * Names layers, as {@code nn.LSTM}, {@code nn.GRU} and {@code nn.RNN} name them.
     *
     * @throws IllegalArgumentException if PyTorch has no such cell; or they are not of one kind and size, and every layer as wide as the
     *     outputs of the one below it
     */
    public void put(String prefix, Layers<?> layers) {
        Present.require("put", prefix, layers);
        String asked = asked(prefix);
        List<List<CellParts>> parts = new ArrayList<>();
        for (Layers.Layer<?> layer : layers.layers()) {
            CellParts forward = CellParts.of(asked, ORDER, layer.forward());
            parts.add(layer.backward()
                    .map(cell -> List.of(forward, CellParts.of(asked, ORDER, cell)))
                    .orElseGet(() -> List.of(forward)));
        }
        TorchCells.requireAlike(asked, parts);
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (int way = 0; way < parts.get(i).size(); way++) {
                String suffix = "_l" + i + (way == 0 ? "" : REVERSE);
                all.addAll(TorchCells.named(
                        asked, names(prefix, suffix), parts.get(i).get(way)));
            }
        }
        put(all);
    }
}
