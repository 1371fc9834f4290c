package dev.clew.nn.weight;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a cell has that cells of others have too.
 *
 * @param b of length 0 for none
 * @param inner the bias at h; none of a GRU means that it resets before the product
 */
record CellParts(
        CellKind kind,
        Parameter wx,
        Parameter wh,
        Parameter b,
        Optional<Parameter> inner,
        Optional<Parameter> projection) {

    /**
     * Of a cell.
     *
     * @param asked what is asked for, as errors begin
     * @throws IllegalArgumentException if it has what that framework does not
     */
    static CellParts of(String asked, GateOrder framework, Cell<?> cell) {
        return switch (cell) {
            case Lstm lstm -> {
                refuse(lstm.peepholes().isPresent(), asked, framework, "peepholes");
                refuse(lstm.isCoupled(), asked, framework, "coupled gates");
                refuse(lstm.clip().isPresent(), asked, framework, "a clip");
                yield new CellParts(CellKind.LSTM, lstm.wx(), lstm.wh(), lstm.b(), lstm.inner(), lstm.projection());
            }
            case Gru gru -> {
                refuse(gru.clip().isPresent(), asked, framework, "a clip");
                yield new CellParts(CellKind.GRU, gru.wx(), gru.wh(), gru.b(), gru.inner(), Optional.empty());
            }
            case RnnCell rnn -> {
                refuse(rnn.clip().isPresent(), asked, framework, "a clip");
                yield new CellParts(CellKind.RNN, rnn.wx(), rnn.wh(), rnn.b(), rnn.inner(), Optional.empty());
            }
            default ->
                throw new IllegalArgumentException(asked + " with a "
                        + cell.getClass().getSimpleName() + ": " + framework
                        + " has the cells RnnCell, Lstm and Gru, and no such one");
        };
    }

    private static void refuse(boolean isThere, String asked, GateOrder framework, String what) {
        if (isThere) {
            throw new IllegalArgumentException(
                    asked + " with a cell with " + what + ": " + framework + " has no such cell");
        }
    }

    Lstm lstm() {
        return new Lstm(wx, wh, b, Optional.empty(), projection, false, inner, OptionalDouble.empty());
    }

    Gru gru() {
        return new Gru(wx, wh, b, inner);
    }

    RnnCell rnn(RnnCell.Activation activation) {
        return new RnnCell(wx, wh, b, activation, inner, OptionalDouble.empty());
    }

    DType dtype() {
        return wx.dtype();
    }

    int units() {
        return wx.shape().length(1) / kind.count();
    }

    int inputs() {
        return wx.shape().length(0);
    }

    /** How wide what is carried is, and the output. */
    int carried() {
        return wh.shape().length(0);
    }

    /** A bias that stands for none. */
    static Parameter none(DType dtype) {
        return Parameter.zeros(dtype, 0);
    }

    /** The bias at x, unless it stands for none. */
    Optional<Parameter> first() {
        return Optional.of(b).filter(CellParts::isSome);
    }

    /** The bias at h, unless it stands for none. */
    Optional<Parameter> second() {
        return inner.filter(CellParts::isSome);
    }

    private static boolean isSome(Parameter bias) {
        return !bias.shape().equals(Shape.of(0));
    }

    boolean isBiased() {
        return first().isPresent() || second().isPresent();
    }

    /** A bias of all gates, in the order of another framework, of one that may be of the last gate alone. */
    NDArray ofAll(NDArray bias, GateOrder framework) {
        int missing = kind.count() * units() - bias.shape().length(0);
        NDArray all = missing == 0 ? bias : Blocks.join(List.of(Blocks.zeros(bias.dtype(), missing), bias));
        return Blocks.ordered(all, kind.gates(), framework.of(kind));
    }

    NDArray zeros() {
        return Blocks.zeros(dtype(), kind.count() * units());
    }

    /** A bias by name, or zeros if there is none. */
    Named bias(String name, Optional<Parameter> bias, GateOrder framework) {
        return bias.map(each -> Named.of(name, each, numbers -> ofAll(numbers, framework)))
                .orElseGet(() -> Named.constant(name, zeros()));
    }

    /** Both biases of all gates by name, a row each. */
    Named bothBiases(String name, GateOrder framework) {
        List<Parameter> there =
                Stream.of(first(), second()).flatMap(Optional::stream).toList();
        return new Named(name, ImmutableList.copyOf(there), numbers -> {
            NDArray one = first().isPresent() ? ofAll(numbers.getFirst(), framework) : zeros();
            NDArray other = second().isPresent() ? ofAll(numbers.getLast(), framework) : zeros();
            return Blocks.join(List.of(one, other)).reshape(Shape.of(2, kind.count() * units()));
        });
    }

    void requireUnprojected(String asked, GateOrder framework) {
        refuse(projection.isPresent(), asked, framework, "a projection");
    }

    void requireOneBias(String asked, GateOrder framework) {
        if (second().isPresent()) {
            throw new IllegalArgumentException(asked + " with a cell with two biases: " + framework
                    + " has one; withMergedBiases() adds them up, which cannot be undone");
        }
    }

    void requireResetAfter(String asked, GateOrder framework) {
        if (inner.isEmpty()) {
            throw new IllegalArgumentException(
                    asked + " with a GRU that resets before the product (it has no inner): that of " + framework
                            + " resets after it, and computes something else");
        }
    }

    /** A matrix of all gates by name. */
    Named matrix(String name, Parameter matrix, GateOrder framework) {
        return Named.of(name, matrix, numbers -> {
            NDArray ordered = Blocks.ordered(numbers, kind.gates(), framework.of(kind));
            return framework.isTransposed() ? Blocks.transposed(ordered) : ordered;
        });
    }

    /** The way back of {@link #matrix}. */
    static Parameter matrix(CellKind kind, NDArray theirs, GateOrder framework) {
        NDArray columns = framework.isTransposed() ? Blocks.transposed(theirs) : theirs;
        return Parameter.of(Blocks.ordered(columns, framework.of(kind), kind.gates()));
    }

    /** The way back of {@link #bias}. */
    static Parameter bias(CellKind kind, NDArray theirs, GateOrder framework) {
        return Parameter.of(Blocks.ordered(theirs, framework.of(kind), kind.gates()));
    }
}
