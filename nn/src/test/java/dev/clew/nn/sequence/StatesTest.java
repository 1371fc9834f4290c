package dev.clew.nn.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

    /** A state that is no record, or holds one: who does not know would lose its tensors. */
    private static final class Plain<T> {
        private final Tensor h;
        private final T other;

        Plain(Tensor h, T other) {
            this.h = h;
            this.other = other;
        }

        @Override
        public String toString() {
            return "Plain of " + h + " and " + other;
        }
    }

    record Around(Tensor h, Object inner) {}

    private static String passedOver(String asked, Class<?> type) {
        return asked + ": a part of the state, " + type.getName() + ", holds constant () f64, which would be passed"
                + " over: only records, lists, sets, maps, arrays and optionals are looked into; make it a record";
    }

    @Test
    void tensorThatOnlyAnObjectOfAnotherClassHoldsIsAnError() {
        Tensor one = number(1);
        for (Object state : List.of(new Plain<>(one, ""), new Around(number(2), new Plain<>(one, 3)))) {
            String found = passedOver("tensors of a state", Plain.class);
            assertThatThrownBy(() -> States.tensors(state))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(found);
            assertThatThrownBy(() -> States.detach(state)).hasMessage(found);
        }
        Tensor mask = Tensor.of(new boolean[] {true});
        Plain<?> state = new Plain<>(one, "");
        assertThatThrownBy(() -> States.carryWhere(mask, state, state))
                .hasMessageStartingWith(
                        "carryWhere: a part of the state, dev.clew.nn.sequence.StatesTest$Plain, holds ");
    }

    @Test
    void tensorInAQueueOrInAFieldOfAnythingIsAnErrorToo() {
        Tensor one = number(1);
        assertThatThrownBy(() -> States.tensors(new Around(one, new ArrayDeque<>(List.of(one)))))
                .hasMessageStartingWith(
                        "tensors of a state: a part of the state, java.util.ArrayDeque, holds constant () f64");
        assertThatThrownBy(() -> States.tensors(new Around(one, Optional.of(new Object() {
                    private final Object anything = List.of(one);

                    @Override
                    public String toString() {
                        return "of " + anything;
                    }
                }))))
                .hasMessageContaining(", holds constant () f64, which would be passed over");
    }

    @Test
    void partsThatHoldNoTensorStayAsTheyAre() {
        List<Object> parts = List.of(7, "text", Thread.State.NEW, new ArrayDeque<>(List.of(1)), new Random(7));
        for (Object part : parts) {
            Around state = new Around(number(1), part);
            assertThat(States.tensors(state)).hasSize(1);
            assertThat(States.detach(state).inner()).isSameAs(part);
        }
    }
}
