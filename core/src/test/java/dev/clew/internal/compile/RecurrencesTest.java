package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/** Loops over a product and a sum, which become one record each way, and give the bits that they gave as loops. */
final class RecurrencesTest {
    private static final AtomicInteger FOUND = new AtomicInteger();

    /** How a factor or a term comes about. */
    private enum Part {
        DATA,
        GATE,
        SHARED,
        NUMBER,
        REPEATED,
        OF_OTHER_LOOP,
        OF_STATE
    }

    /** Where the product stands. */
    private enum Form {
        PRODUCT_FIRST,
        PRODUCT_LAST,
        FACTOR_SECOND,
        THREE_TERMS,
        THREE_TERMS_PRODUCT_FIRST,
        MINUS
    }

    private enum Result {
        LAST,
        STACK,
        ALL,
        SQUARES,
        BACKWARD
    }

    record Loop(int steps, int rank, Part factor, Part term, Form form, Result result, boolean startsAtZero) {}

    @Provide
    Arbitrary<Loop> loops() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 24),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(Part.values()),
                        Arbitraries.of(Part.values()),
                        Arbitraries.of(Form.values()),
                        Arbitraries.of(Result.values()),
                        Arbitraries.of(true, false))
                .as(Loop::new);
    }

    /** A loop on data of its own. */
    private static final class Made {
        private final Loop loop;
        private final DType type;
        private final RandomKey key;
        private final Shape shape;
        private final List<Tensor> data = new ArrayList<>();
        private final Parameter shared;
        private int drawn;

        Made(Loop loop, DType type, long seed) {
            this.loop = loop;
            this.type = type;
            this.key = RandomKey.of(seed);
            this.shape = Shape.of(new int[][] {{}, {11}, {3, 9}, {2, 1, 10}}[loop.rank]);
            this.shared = Parameter.of(draw(shape));
        }

        private NDArray draw(Shape of) {
            return key.fold(drawn++).uniform(-1, 1, type, of);
        }

        private Tensor given(Shape of) {
            Tensor x = Tensor.of(draw(of));
            data.add(x);
            return x;
        }

        private Tensor part(Part part, Tensor state, Tensor other) {
            return switch (part) {
                case DATA -> given(shape);
                case GATE -> given(shape).tanh().times(given(shape).square());
                case SHARED -> shared;
                case NUMBER -> Tensor.of(NDArray.full(0.75, type, shape));
                case REPEATED ->
                    given(shape.rank() == 0 ? shape : shape.with(-1, 1)).broadcastTo(shape);
                case OF_OTHER_LOOP -> other;
                case OF_STATE -> state.sin();
            };
        }

        private Tensor next(Tensor h, Tensor factor, Tensor term) {
            Tensor product = loop.form == Form.FACTOR_SECOND ? h.times(factor) : factor.times(h);
            return switch (loop.form) {
                case PRODUCT_FIRST, FACTOR_SECOND -> product.plus(term);
                case PRODUCT_LAST -> term.plus(product);
                case THREE_TERMS -> term.plus(given(shape)).plus(product);
                case THREE_TERMS_PRODUCT_FIRST -> product.plus(term).plus(given(shape));
                case MINUS -> product.minus(term);
            };
        }

        List<Tensor> outputs() {
            Tensor h = loop.startsAtZero ? Tensor.zeros(type, shape.lengths()) : given(shape);
            Tensor other = given(shape);
            List<Tensor> states = new ArrayList<>();
            for (int t = 0; t < loop.steps; t++) {
                other = other.times(0.5).plus(given(shape));
                h = next(h, part(loop.factor, h, other), part(loop.term, h, other));
                states.add(h);
            }
            return outputs(states);
        }

        private List<Tensor> outputs(List<Tensor> states) {
            Tensor last = states.getLast();
            return switch (loop.result) {
                case LAST -> List.of(last);
                case STACK ->
                    List.of(Tensor.stack(Math.min(1, shape.rank()), states).tanh());
                case ALL -> states;
                case SQUARES -> states.stream().map(Tensor::square).toList();
                case BACKWARD -> backward(states);
            };
        }

        /** By the data of every step, which no sum is made over. */
        private List<Tensor> backward(List<Tensor> states) {
            Tensor loss = Tensor.stack(0, states).tanh().sum();
            Gradients gradients = Gradients.of(loss);
            return data.stream()
                    .filter(gradients::reaches)
                    .filter(x -> x.shape().equals(shape))
                    .map(gradients::wrt)
                    .toList();
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void aLoopGivesTheBitsOfTheWalk(
            @ForAll("loops") Loop loop, @ForAll boolean single, @ForAll boolean vector, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        List<Tensor> outputs = new Made(loop, type, seed).outputs();
        Capture capture = Capture.of(outputs);
        CompiledProgram code = Compiler.compile(capture.program(), Compiler.ALL);
        FOUND.addAndGet(records(code));
        List<NDArray> found =
                Poisoned.run(code, capture.numbers(), vector ? RecordDraft.Form.VECTOR : RecordDraft.Form.PLAIN);
        List<NDArray> expected = Evaluator.plain().evaluate(outputs);
        for (int i = 0; i < outputs.size(); i++) {
            assertThat(found.get(i)).as("output %d of %s", i, loop).isEqualTo(expected.get(i));
        }
        Set<Pass> without = EnumSet.complementOf(EnumSet.of(Pass.LOOP));
        assertThat(records(Compiler.compile(capture.program(), without))).isZero();
    }

    @AfterContainer
    static void loopsWereFound() {
        assertThat(FOUND.get()).isPositive();
    }

    private static int records(CompiledProgram code) {
        return (int) code.drafts().stream()
                .filter(draft -> draft.text().startsWith("steppedRecurrence"))
                .count();
    }

    // ----------------------------------------------------------------------------------------------------- networks

    /** A step of a network: its next states, of which the first is the output. */
    @FunctionalInterface
    private interface Step {
        List<Tensor> of(Tensor x, List<Tensor> states);
    }

    private static Parameter weight(int seed, int... shape) {
        return Parameter.of(RandomKey.of(seed).normal(0, 0.3, DType.F64, Shape.of(shape)));
    }

    private static final int UNITS = 8;
    private static final int BATCH = 3;

    private static Tensor zeros(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    private record Net(Step step, List<Tensor> start) {}

    private static Map<String, Net> nets() {
        Parameter wz = weight(1, UNITS, UNITS);
        Parameter wc = weight(2, UNITS, UNITS);
        Parameter wr = weight(3, UNITS, UNITS);
        Parameter decay = weight(4, UNITS);
        Parameter wd = weight(5, UNITS, UNITS);
        Tensor none = zeros(BATCH, UNITS);
        Map<String, Net> nets = new TreeMap<>();
        nets.put(
                "gate of the input alone",
                new Net(
                        (x, h) -> {
                            Tensor z = x.matmul(wz).sigmoid();
                            return List.of(
                                    z.negate().plus(1).times(h.getFirst()).plus(z.times(x.matmul(wc))));
                        },
                        List.of(none)));
        nets.put(
                "decay of its own for every unit",
                new Net((x, h) -> List.of(decay.sigmoid().times(h.getFirst()).plus(x.matmul(wc))), List.of(none)));
        nets.put(
                "two layers",
                new Net(
                        (x, h) -> {
                            Tensor z = x.matmul(wz).sigmoid();
                            Tensor low = z.times(h.get(1)).plus(x.matmul(wc));
                            Tensor r = low.tanh().matmul(wr).sigmoid();
                            return List.of(r.times(h.get(0)).plus(low.matmul(wd)), low);
                        },
                        List.of(none, none)));
        nets.put(
                "matrix of states with a gate for every row",
                new Net(
                        (x, h) -> {
                            Tensor f = x.matmul(wz).sigmoid().reshape(BATCH, UNITS, 1);
                            Tensor kv = x.matmul(wc)
                                    .reshape(BATCH, UNITS, 1)
                                    .times(x.matmul(wr).reshape(BATCH, 1, UNITS));
                            Tensor state = f.times(h.get(1)).plus(kv);
                            return List.of(
                                    state.times(x.reshape(BATCH, UNITS, 1)).sum(1), state);
                        },
                        List.of(none, zeros(BATCH, UNITS, UNITS))));
        nets.put(
                "gate of the state, no recurrence",
                new Net(
                        (x, h) -> {
                            Tensor z =
                                    x.matmul(wz).plus(h.getFirst().matmul(wr)).sigmoid();
                            return List.of(z.times(h.getFirst()).plus(x.matmul(wc)));
                        },
                        List.of(none)));
        return nets;
    }

    private static CompiledProgram compiled(Net net, int steps) {
        Tensor all = Tensor.of(RandomKey.of(9).normal(0, 1, DType.F64, Shape.of(BATCH, steps, UNITS)));
        List<Tensor> states = net.start;
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            states = net.step.of(all.get(1, t), states);
            outputs.add(states.getFirst());
        }
        Tensor loss = Tensor.stack(1, outputs).square().mean();
        List<Tensor> wanted = new ArrayList<>(List.of(loss));
        Gradients gradients = Gradients.of(loss);
        Capture.of(List.of(loss)).leaves().stream()
                .filter(Parameter.class::isInstance)
                .forEach(leaf -> wanted.add(gradients.wrt(leaf)));
        return Compiler.compile(Capture.of(wanted).program(), Compiler.ALL);
    }

    /** Recurrences, and all records, at 32 and at 96 steps. */
    @Test
    void networksBecomeAsManyRecordsHoweverLongTheyRun() {
        List<String> table = new ArrayList<>();
        nets().forEach((name, net) -> {
            CompiledProgram few = compiled(net, 32);
            CompiledProgram many = compiled(net, 96);
            table.add("%s: %d recurrences, %d records; %d, %d"
                    .formatted(
                            name,
                            records(few),
                            few.drafts().size(),
                            records(many),
                            many.drafts().size()));
        });
        assertThat(table).containsExactlyElementsOf(EXPECTED);
    }

    private static final List<String> EXPECTED = List.of(
            "decay of its own for every unit: 2 recurrences, 22 records; 2, 22",
            "gate of the input alone: 2 recurrences, 19 records; 2, 19",
            "gate of the state, no recurrence: 0 recurrences, 142 records; 0, 398",
            "matrix of states with a gate for every row: 2 recurrences, 28 records; 2, 28",
            "two layers: 4 recurrences, 39 records; 4, 39");
}
