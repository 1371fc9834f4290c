package dev.clew.nn.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** States are built anew of other tensors. */
class StatesTest {
    record State(Tensor h, List<Optional<Tensor>> more, Map<String, Tensor> named, int count) {}

    private static Tensor number(double number) {
        return Tensor.of(number);
    }

    @Test
    void aStateOfOtherTensorsIsBuiltAlike() {
        State state =
                new State(number(1), List.of(Optional.of(number(2)), Optional.empty()), Map.of("c", number(3)), 7);
        assertThat(States.withTensors(state, States.tensors(state))).isEqualTo(state);
        List<Tensor> others = List.of(number(4), number(5), number(6));
        State other = States.withTensors(state, others);
        assertThat(States.tensors(other)).isEqualTo(others);
        assertThat(other.more().getFirst()).contains(others.get(1));
        assertThat(other.count()).isEqualTo(7);
    }

    @Test
    void anotherNumberOfTensorsIsRefused() {
        assertThatThrownBy(() -> States.withTensors(number(1), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("withTensors: 0 tensors for a state of 1; there must be one for each");
    }
}
