package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parts that a user writes. */
class TransformTest {
    private final Parameter a = Parameter.of(3.0);
    private final Parameter b = Parameter.of(new double[] {4, 5});
    private final Map<String, Parameter> model = Map.of("a", a);

    private static Transform momentum(double past, String name) {
        return (slopes, state) -> {
            Map<Parameter, Tensor> moves = new LinkedHashMap<>();
            slopes.forEach((parameter, slope) -> {
                Parameter before = state.like(parameter, name);
                Tensor now = before.times(past).plus(slope);
                state.next(before, now);
                moves.put(parameter, now);
            });
            return moves;
        };
    }

    @Test
    void momentumOfTenLinesIsThatByHand() {
        Optimizer optimizer = Optimizer.of(model, 0.1, momentum(0.9, "momentum"));
        double x = 3;
        double v = 0;
        for (int step = 0; step < 10; step++) {
            assertThat(optimizer.step(a.square()).loss()).isCloseTo(x * x, within(1e-12));
            v = 0.9 * v + 2 * x;
            x -= 0.1 * v;
        }
        assertThat(a.item()).isCloseTo(x, within(1e-12));
        assertThat(optimizer.state()).containsOnlyKeys("momentum.a");
        assertThat(optimizer).hasToString("Optimizer after 10 steps: a () at 0.1");
    }

    @Test
    void partsFollowOneAnother() {
        Optimizer optimizer = Optimizer.of(model, 1, Clip.globalNorm(2), momentum(0.5, "m"), momentum(0.25, "n"));
        optimizer.step(a.times(1e9));
        optimizer.step(a.times(1e9));
        // Clipped to 2; of the first 2, then 3; of the second 2, then 3.5.
        assertThat(a.item()).isCloseTo(3 - 2 - 3.5, within(1e-9));
    }

    @Test
    void twoPartsMustNotKeepNumbersUnderOneName() {
        assertThatThrownBy(() -> Optimizer.of(model, 1, momentum(0.5, "m"), momentum(0.25, "m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: two parts keep numbers as 'm.a'; give those of one another name");
    }

    @Test
    void aNumberOfAPartIsNotTakenForWhatItKeepsOfAParameter() {
        Transform part = (slopes, state) -> {
            Parameter number = state.number("mean.a"); // As that of the parameter is called.
            Map<Parameter, Tensor> moves = new LinkedHashMap<>();
            slopes.forEach((parameter, slope) ->
                    moves.put(parameter, state.like(parameter, "mean").plus(number)));
            return moves;
        };
        assertThatThrownBy(() -> Optimizer.of(model, 1, part))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: a part keeps two numbers as 'mean.a'; give those of one another name");
    }

    @Test
    void onePartMustNotBeThereTwiceIfItKeepsNumbers() {
        Transform part = momentum(0.5, "m");
        assertThatThrownBy(() -> Optimizer.of(model, 1, part, part))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: two parts keep numbers as 'm.a'; give those of one another name");
    }

    @Test
    void whatIsKeptHasOneNextValue() {
        assertThatThrownBy(() -> Optimizer.of(model, 1, (slopes, state) -> {
                    Parameter count = state.number("count");
                    state.next(count, count.plus(1));
                    state.next(count, count.plus(2));
                    return slopes;
                }))
                .hasMessage("optimizer: what is kept as parameter () f64 has two next values; say once what it is after"
                        + " the step");
    }

    @Test
    void whatAPartGivesIsLikeItsParameter() {
        assertThatThrownBy(() -> Optimizer.of(Map.of("b", b), 1, new Named((slopes, state) -> Map.of())))
                .hasMessage("optimizer: the part gives nothing for b, parameter (2) f64; it must give a tensor of that"
                        + " shape and type");
        assertThatThrownBy(() -> Optimizer.of(
                        Map.of("b", b), 1, new Named((slopes, state) -> Map.of(b, Tensor.zeros(DType.F64)))))
                .hasMessage("optimizer: the part gives constant () f64 for b, parameter (2) f64; it must give a tensor"
                        + " of that shape and type");
    }

    private record Named(Transform part) implements Transform {
        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            return part.of(slopes, state);
        }

        @Override
        public String toString() {
            return "the part";
        }
    }

    @Test
    void onlyWhatAPartKeepsHasANextValue() {
        assertThatThrownBy(() -> Optimizer.of(model, 1, (slopes, state) -> {
                    state.next(a, a.plus(1));
                    return slopes;
                }))
                .hasMessage(
                        "optimizer: parameter () f64 has a next value, but this part does not keep it; ask the state"
                                + " for it with like() or number()");
        assertThatThrownBy(() -> Optimizer.of(model, 1, (slopes, state) -> {
                    state.next(state.number("n"), b);
                    return slopes;
                }))
                .hasMessage(
                        "optimizer: what is kept as parameter () f64 has the next value parameter (2) f64; shape and"
                                + " type stay as they are");
        assertThatThrownBy(() -> Optimizer.of(model, 1, (slopes, state) -> {
                    state.like(b, "m");
                    return slopes;
                }))
                .hasMessage("optimizer: parameter (2) f64 is none of the parameters that it trains, [a]");
    }

    @Test
    void aNumberIsKeptForAllParameters() {
        Optimizer halving = Optimizer.of(List.of(a), 1, (slopes, state) -> {
            Parameter count = state.number("count");
            state.next(count, count.plus(1));
            Map<Parameter, Tensor> moves = new LinkedHashMap<>();
            slopes.forEach((parameter, slope) ->
                    moves.put(parameter, slope.times(Tensor.of(0.5).pow(count))));
            return moves;
        });
        for (int step = 0; step < 3; step++) {
            halving.step(a);
        }
        assertThat(a.item()).isEqualTo(3 - 1 - 0.5 - 0.25);
    }
}
