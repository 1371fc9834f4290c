package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final RandomKey KEY = RandomKey.of(7);

    @Test
    void keepsTheMeanAndScalesWhatItKeeps() {
        double[] y = Dropout.dropout(Tensor.ones(DType.F64, 100, 1000), 0.25, KEY)
                .value()
                .toDoubles();
        assertThat(Arrays.stream(y).distinct().sorted().toArray()).containsExactly(0, 1 / 0.75);
        assertThat(Arrays.stream(y).average().orElseThrow()).isCloseTo(1, within(0.01));
    }

    @Test
    void gradientIsTheMaskAndTheSameKeyGivesTheSameMask() {
        Parameter x = Parameter.of(KEY.normal(0, 1, DType.F32, Shape.of(50)));
        Dropout dropout = new Dropout(0.5);
        Tensor y = dropout.of(x, KEY);
        double[] slope = Gradients.of(y.sum()).wrt(x).value().toDoubles();
        assertThat(slope)
                .isEqualTo(dropout.of(Tensor.ones(DType.F32, 50), KEY).value().toDoubles());
        assertThat(dropout.of(x, KEY).value()).isEqualTo(y.value());
        assertThat(dropout.of(x, KEY.fold(1)).value()).isNotEqualTo(y.value());
    }

    @Test
    void edges() {
        Parameter x = Parameter.of(new double[] {1, Double.NaN});
        assertThat(new Dropout(0.5).of(x)).isSameAs(x);
        assertThat(new Dropout(0).of(x, KEY)).isSameAs(x);
        Tensor none = new Dropout(1).of(x, KEY);
        assertThat(none.value().toDoubles()).containsExactly(0, 0);
        assertThat(Gradients.of(none.sum()).wrt(x).value().toDoubles()).containsExactly(0, 0);
        assertThatThrownBy(() -> new Dropout(-0.1)).hasMessage("dropout at rate -0.1: it goes from 0 to 1");
    }
}
