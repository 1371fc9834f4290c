package dev.clew.nn.weight;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.nn.layer.Embedding;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.LayerNorm;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Weights under the names and in the layout of another framework. It reads layers from a map of arrays, and knows from then on which of
 * their parameters stands under which name: {@link #arrays()} has the numbers that they hold now. Layers that were made here are {@code put}
 * under a name.
 *
 * <p>A name begins with the name of its layer, the prefix, which may be empty. What is read or put twice under one name is refused. Not for
 * several threads at a time.
 *
 * <p>Arrays do not say which activations a cell has: an LSTM and a GRU are taken to have σ and tanh, so a layer of Keras with {@code
 * recurrent_activation="hard_sigmoid"} computes something else here.
 */
public abstract sealed class Weights permits TorchWeights, KerasWeights, FlaxWeights {
    private final GateOrder framework;
    private final LayerNames names;
    private final ImmutableMap<String, NDArray> found;
    private final Set<String> unread;
    private final Map<String, Named> named = new LinkedHashMap<>();

    Weights(GateOrder framework, LayerNames names, Map<String, NDArray> arrays) {
        this.framework = framework;
        this.names = names;
        this.found = ImmutableMap.copyOf(arrays);
        this.unread = new LinkedHashSet<>(found.keySet());
    }

    // ---------------------------------------------------------------------------------------------------------- layers

    /**
     * A linear layer with a bias.
     *
     * @throws IllegalArgumentException if an array is missing or does not fit
     */
    public final Linear linear(String prefix) {
        LayerReader reader = reader("linear", prefix);
        NDArray weight = matrix(reader, prefix);
        int outputs = weight.shape().length(1);
        NDArray bias = reader.read(name(prefix, names.bias()), "(outputs)", outputs);
        Linear linear = new Linear(Parameter.of(weight), Parameter.of(bias));
        put(prefix, linear);
        return linear;
    }

    /**
     * A linear layer without a bias.
     *
     * @throws IllegalArgumentException if an array is missing or does not fit, or there is a bias
     */
    public final Projection projection(String prefix) {
        LayerReader reader = reader("projection", prefix);
        Projection projection = new Projection(Parameter.of(matrix(reader, prefix)));
        if (reader.has(name(prefix, names.bias()))) {
            throw reader.wrong(name(prefix, names.bias()), "a bias, which a projection has not; read it by linear");
        }
        put(prefix, projection);
        return projection;
    }

    private NDArray matrix(LayerReader reader, String prefix) {
        NDArray matrix = reader.matrix(
                name(prefix, names.weight()), framework.isTransposed() ? "(outputs, inputs)" : "(inputs, outputs)");
        return framework.isTransposed() ? Blocks.transposed(matrix) : matrix;
    }

    private Named matrix(String prefix, Parameter matrix) {
        return Named.of(
                name(prefix, names.weight()),
                matrix,
                numbers -> framework.isTransposed() ? Blocks.transposed(numbers) : numbers);
    }

    /**
     * A table of vectors. Which symbol is padding no framework writes: {@link Embedding#withPadding}.
     *
     * @throws IllegalArgumentException if the array is missing or no matrix
     */
    public final Embedding embedding(String prefix) {
        NDArray table = reader("embedding", prefix).matrix(name(prefix, names.table()), "(symbols, features)");
        Embedding embedding = new Embedding(Parameter.of(table), OptionalInt.empty());
        put(prefix, embedding);
        return embedding;
    }

    /**
     * A layer norm with the ε that the framework has if nothing else is said: 1e-5 in PyTorch, 1e-3 in Keras, 1e-6 in Flax. No file has it.
     *
     * @throws IllegalArgumentException if an array is missing or does not fit; one without gain and bias has no arrays, and is {@link
     *     dev.clew.nn.layer.Normalization#standardize}
     */
    public final LayerNorm layerNorm(String prefix) {
        return layerNorm(prefix, names.epsilon());
    }

    /**
     * A layer norm with this ε.
     *
     * @throws IllegalArgumentException as {@link #layerNorm(String)}
     */
    public final LayerNorm layerNorm(String prefix, double epsilon) {
        LayerReader reader = reader("layerNorm", prefix);
        NDArray gain = reader.read(name(prefix, names.gain()));
        NDArray bias = reader.read(
                name(prefix, names.offset()), "(features...)", gain.shape().lengths());
        LayerNorm norm = new LayerNorm(Parameter.of(gain), Parameter.of(bias), epsilon);
        put(prefix, norm);
        return norm;
    }

    /** An LSTM that is one cell. */
    public final Lstm lstmCell(String prefix) {
        Lstm lstm = cell(reader("lstmCell", prefix), CellKind.LSTM, prefix).lstm();
        put(prefix, lstm);
        return lstm;
    }

    /** A GRU that is one cell. */
    public final Gru gruCell(String prefix) {
        Gru gru = cell(reader("gruCell", prefix), CellKind.GRU, prefix).gru();
        put(prefix, gru);
        return gru;
    }

    /** An Elman cell; which activation it has no framework writes. */
    public final RnnCell rnnCell(String prefix, RnnCell.Activation activation) {
        Present.require("rnnCell", prefix, activation);
        RnnCell rnn = cell(reader("rnnCell", prefix), CellKind.RNN, prefix).rnn(activation);
        put(prefix, rnn);
        return rnn;
    }

    /** The parts of a cell that is read. */
    abstract CellParts cell(LayerReader reader, CellKind kind, String prefix);

    /** The arrays of a cell. */
    abstract List<Named> named(String asked, String prefix, CellParts parts);

    // -------------------------------------------------------------------------------------------------------- writing

    /** Names a linear layer. */
    public final void put(String prefix, Linear linear) {
        Present.require("put", prefix, linear);
        put(List.of(
                matrix(prefix, linear.weight()),
                Named.of(name(prefix, names.bias()), linear.bias(), numbers -> numbers)));
    }

    /** Names a linear layer without a bias. */
    public final void put(String prefix, Projection projection) {
        Present.require("put", prefix, projection);
        put(List.of(matrix(prefix, projection.weight())));
    }

    /** Names a table; its padding is not written. */
    public final void put(String prefix, Embedding embedding) {
        Present.require("put", prefix, embedding);
        put(List.of(Named.of(name(prefix, names.table()), embedding.table(), numbers -> numbers)));
    }

    /** Names a layer norm; its ε is not written. */
    public final void put(String prefix, LayerNorm norm) {
        Present.require("put", prefix, norm);
        put(List.of(
                Named.of(name(prefix, names.gain()), norm.gain(), numbers -> numbers),
                Named.of(name(prefix, names.offset()), norm.bias(), numbers -> numbers)));
    }

    /**
     * Names a cell, which in PyTorch is an {@code nn.LSTMCell}, {@code nn.GRUCell} or {@code nn.RNNCell}.
     *
     * @throws IllegalArgumentException if the framework has no such cell
     */
    public final void put(String prefix, Cell<?> cell) {
        Present.require("put", prefix, cell);
        String asked = asked(prefix);
        put(named(asked, prefix, CellParts.of(asked, framework, cell)));
    }

    final String asked(String prefix) {
        return "put '" + prefix + "' of " + framework;
    }

    final void put(List<Named> more) {
        for (Named each : more) {
            if (named.containsKey(each.name())) {
                throw new IllegalArgumentException("put '" + each.name() + "' of " + framework
                        + ": a parameter of that name was read or put before; begin anew, or give another prefix");
            }
        }
        more.forEach(each -> named.put(each.name(), each));
    }

    /** The numbers that all layers read or put hold now, under their names. */
    public final Map<String, NDArray> arrays() {
        ImmutableMap.Builder<String, NDArray> arrays = ImmutableMap.builder();
        named.values().forEach(each -> arrays.put(each.name(), each.array(Parameter::value)));
        return arrays.buildOrThrow();
    }

    /**
     * Other numbers in place of those of the parameters, under the same names and in the same layout: {@code arrays(step::gradient)} are the
     * gradients as the other framework would show them. What is no parameter here (a bias that was written as 0) is left out.
     *
     * @param numbers for every parameter an array of its shape
     */
    public final Map<String, NDArray> arrays(Function<? super Parameter, NDArray> numbers) {
        Present.require("arrays", numbers);
        ImmutableMap.Builder<String, NDArray> arrays = ImmutableMap.builder();
        for (Named each : named.values()) {
            if (!each.from().isEmpty()) {
                arrays.put(each.name(), each.array(parameter -> numbers(numbers, parameter)));
            }
        }
        return arrays.buildOrThrow();
    }

    private static NDArray numbers(Function<? super Parameter, NDArray> numbers, Parameter parameter) {
        NDArray given = Present.given("arrays", "the function of parameters", numbers.apply(parameter));
        if (!given.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("arrays: the function gave " + given.shape() + " for "
                    + parameter.describe() + ": numbers have the shape of their parameter");
        }
        return given;
    }

    // ----------------------------------------------------------------------------------------------------------
    // reading

    /** The names of arrays that no layer has read. */
    public final Set<String> unread() {
        return ImmutableSet.copyOf(unread);
    }

    /**
     * Nothing, if every array was read.
     *
     * @throws IllegalStateException if not; it names those that were not
     */
    public final void requireAllRead() {
        if (!unread.isEmpty()) {
            throw new IllegalStateException("weights of " + framework + ": no layer has read "
                    + LayerReader.listed(unread) + "; read them too, or take them out of the map");
        }
    }

    final LayerReader reader(String asked, String prefix) {
        Present.require(asked, prefix);
        return new LayerReader(asked + " '" + prefix + "' of " + framework, found, unread, named.keySet());
    }

    /** A name below a prefix. */
    final String name(String prefix, String... parts) {
        String separator = names.separator();
        String below = String.join(separator, parts);
        return prefix.isEmpty() || prefix.endsWith(separator) ? prefix + below : prefix + separator + below;
    }

    /** The framework, and how many names there are. */
    @Override
    public final String toString() {
        return "weights of " + framework + ": " + named.size() + " names of parameters, " + unread.size() + " unread";
    }
}
