package dev.clew.nn.sequence;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Layers of cells, each over the whole sequences that the one below it gives, in one direction or in both, as {@code nn.LSTM} of PyTorch has
 * them. ({@link Stack} is the other way to put cells above each other: step by step, so that it can be carried on, and in one direction.)
 *
 * <p>Dropout between layers is between two calls: {@code layers.get(1).run(dropout.of(layers.get(0).run(x).outputs(), key))}.
 *
 * @param <S> the state of every cell
 */
public record Layers<S>(List<Layer<S>> layers) {
    /**
     * Of layers, the lowest first.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Layers {
        Present.require("layers", layers);
        layers = ImmutableList.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers: there must be at least one");
        }
    }

    /**
     * One layer.
     *
     * @param backward a second cell, which reads every sequence from its end
     */
    public record Layer<S>(Cell<S> forward, Optional<Cell<S>> backward) {
        /** Of one cell or two. */
        public Layer {
            Present.require("layer", forward, backward);
        }

        /** In one direction. */
        public Layer(Cell<S> forward) {
            this(forward, Optional.empty());
        }

        /** In both directions. */
        public Layer(Cell<S> forward, Cell<S> backward) {
            this(forward, Optional.of(Present.given("layer", "the second cell", backward)));
        }

        /** Over sequences of one length. Shapes: x (batch, time, ...). */
        public Ways<S> run(Tensor x) {
            Present.require("run", x);
            return ways(x, UnaryOperator.identity());
        }

        /** Over sequences of these lengths, (batch) i32, as in {@link Run#withLengths(Tensor)}. */
        public Ways<S> run(Tensor x, Tensor lengths) {
            Present.require("run", x, lengths);
            return ways(x, run -> run.withLengths(lengths));
        }

        private Ways<S> ways(Tensor x, UnaryOperator<Run<S>> each) {
            return new Ways<>(
                    each.apply(Run.of(forward, x)),
                    backward.map(cell -> each.apply(Run.of(cell, x)).backwards()));
        }

        private int directions() {
            return backward.isPresent() ? 2 : 1;
        }
    }

    /** What one layer does: a run, or two. */
    public record Ways<S>(Run<S> forward, Optional<Run<S>> backward) {
        /** Of one run or two. */
        public Ways {
            Present.require("ways", forward, backward);
        }

        /** The outputs of both directions, one behind the other. Shapes: (batch, time, directions·units). */
        public Tensor outputs() {
            return backward.map(each -> new Run.BothWays<>(forward, each).outputs())
                    .orElseGet(forward::outputs);
        }

        /** The last state of every direction: forwards that at the end of every sequence, backwards that at its first step. */
        public List<S> last() {
            return backward.map(each -> List.of(forward.last(), each.last())).orElseGet(() -> List.of(forward.last()));
        }
    }

    /** What all layers do. */
    public record Passage<S>(List<Ways<S>> layers) {
        /** Of at least one. */
        public Passage {
            Present.require("passage", layers);
            layers = ImmutableList.copyOf(layers);
        }

        /** Those of the uppermost layer. Shapes: (batch, time, directions·units). */
        public Tensor outputs() {
            return layers.getLast().outputs();
        }

        /** The last states in PyTorch's order, that of {@code h_n}: by layers, forwards before backwards. */
        public List<S> last() {
            return layers.stream().flatMap(each -> each.last().stream()).toList();
        }
    }

    /** Layers in one direction, the lowest first. */
    public static <S> Layers<S> of(List<? extends Cell<S>> cells) {
        Present.require("layers", cells);
        return new Layers<>(cells.stream().map(each -> new Layer<S>(each)).toList());
    }

    /** Over sequences of one length, from the cells' first states on. Shapes: x (batch, time, inputs). */
    public Passage<S> run(Tensor x) {
        Present.require("run", x);
        return run(x, Optional.empty(), Optional.empty());
    }

    /** Over sequences of these lengths, each as a number. Shapes: x (batch, time, inputs). */
    public Passage<S> run(Tensor x, int... lengths) {
        Present.require("run", x, lengths);
        return run(x, Tensor.of(lengths));
    }

    /**
     * Over sequences of these lengths, (batch) i32; outputs beyond them are 0. Shapes: x (batch, time, inputs).
     *
     * @throws IllegalArgumentException as {@link Run#withLengths(Tensor)}
     */
    public Passage<S> run(Tensor x, Tensor lengths) {
        Present.require("run", x, lengths);
        return run(x, Optional.of(lengths), Optional.empty());
    }

    /**
     * From other first states, in the order of {@link Passage#last}: those of a passage before, or PyTorch's {@code h_0}. Shapes: x (batch,
     * time, inputs).
     *
     * @throws IllegalArgumentException if there is not one for every cell, or as {@link Run#from}
     */
    public Passage<S> run(Tensor x, List<S> first) {
        Present.require("run", x, first);
        return run(x, Optional.empty(), Optional.of(first));
    }

    /**
     * Over sequences of these lengths and from other first states. Shapes: x (batch, time, inputs), lengths (batch) i32.
     *
     * @throws IllegalArgumentException as the others
     */
    public Passage<S> run(Tensor x, Tensor lengths, List<S> first) {
        Present.require("run", x, lengths, first);
        return run(x, Optional.of(lengths), Optional.of(first));
    }

    private Passage<S> run(Tensor x, Optional<Tensor> lengths, Optional<List<S>> first) {
        int cells = layers.stream().mapToInt(Layer::directions).sum();
        first.filter(states -> states.size() != cells).ifPresent(states -> {
            throw new IllegalArgumentException("layers from " + states.size() + " first states: they have " + cells
                    + " cells, and a state for each of them, by layers, forwards before backwards");
        });
        Optional<Iterator<S>> states = first.map(List::iterator);
        List<Ways<S>> ways = new ArrayList<>();
        Tensor below = x;
        for (Layer<S> layer : layers) {
            ways.add(layer.ways(below, run -> {
                Run<S> measured = lengths.map(run::withLengths).orElse(run);
                return states.map(each -> measured.from(each.next())).orElse(measured);
            }));
            below = ways.getLast().outputs();
        }
        return new Passage<>(ways);
    }
}
