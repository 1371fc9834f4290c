package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Dropped;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.nn.sequence.Zoneout;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TensorKeyTest {
    private static final Tensor INPUT = Tensor.input("key", DType.I32, 2);

    @Property(tries = 40)
    void foldsAndDrawsWhatTheKeyOfTheSameWordsDoes(
            @ForAll long seed, @ForAll long number, @ForAll @IntRange(max = 9) int rows) {
        RandomKey key = RandomKey.of(seed);
        Shape shape = Shape.of(rows, 3);
        NDArray folded = key.fold(number).words();
        NDArray drawn = key.fold(number).bernoulli(0.3, shape);
        Tensor known = TensorKey.fold(TensorKey.of(key), number);
        assertThat(known.value()).isEqualTo(folded);
        assertThat(TensorKey.bernoulli(known, 0.3, shape).value()).isEqualTo(drawn);
        Tensor open = TensorKey.fold(INPUT, number);
        List<NDArray> run = Plan.compile(List.of(open, TensorKey.bernoulli(open, 0.3, shape)))
                .run(Map.of(INPUT, key.words()));
        assertThat(run).containsExactly(folded, drawn);
    }

    /** Of cells that draw, as a formula of a key. */
    @Test
    void cellsOnAPlanDrawAnewForEveryKey() {
        RandomKey key = RandomKey.of(5);
        Gru cell = Gru.create(3, 4, key.fold(0));
        Tensor x = Tensor.of(key.fold(1).normal(0, 1, DType.F64, Shape.of(2, 6, 3)));
        Map<String, Function<Tensor, Cell<?>>> drawing = Map.of(
                "each step", given -> Dropped.eachStep(cell, 0.4, given),
                "variational", given -> Dropped.variational(cell, 0.4, given),
                "zoneout", given -> Zoneout.of(cell, 0.4, given));
        drawing.forEach((name, of) -> {
            Plan plan = Plan.compile(List.of(Run.of(of.apply(INPUT), x).outputs()));
            NDArray before = plan.run(Map.of(INPUT, key.words())).getFirst();
            for (int step = 0; step < 3; step++) {
                RandomKey now = key.fold(7 + step);
                NDArray outputs = plan.run(Map.of(INPUT, now.words())).getFirst();
                assertThat(outputs)
                        .as(name)
                        .isEqualTo(Run.of(of.apply(TensorKey.of(now)), x).outputs().value())
                        .isNotEqualTo(before);
            }
        });
    }

    @Test
    void whatIsNoKeyIsRefused() {
        assertThatThrownBy(() -> TensorKey.fold(Tensor.of(new int[] {1, 2, 3}), 4))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("fold 4 into a key with the key constant (3) i32: a key is two integers");
        assertThatThrownBy(() -> TensorKey.bernoulli(Tensor.of(new double[] {1, 2}), 0.5, Shape.of(3)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bernoulli (3) with the key constant (2) f64");
    }
}
