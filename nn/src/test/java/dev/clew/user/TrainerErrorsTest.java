package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.nn.Warnings;
import dev.clew.nn.data.Batches;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.training.Ending;
import dev.clew.nn.training.Trainer;
import dev.clew.tensor.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Errors of training, as a program outside of the library sees them. */
class TrainerErrorsTest {
    @Test
    void aNumberThatIsNotFiniteEndsItWithStepBatchOperationAndLine() {
        Parameter w = Parameter.of(2.0);
        Trainer<Parameter, Double> trainer = Trainer.of(
                        w,
                        Sgd.of(w, 0.1),
                        Batches.inOrder(List.of(1.0, 3.0, -3.0)),
                        (Double x) -> w.times(x).log().negate())
                .quietly();
        try (Warnings warnings = Warnings.collected("dev.clew.nn.training")) {
            Ending<Parameter> ending = trainer.epochs(5).skipNotFinite(1).start();
            assertThat(ending.steps()).isEqualTo(5);
            Ending.NotFinite<Parameter> notFinite = (Ending.NotFinite<Parameter>) ending;
            assertThat(notFinite.epoch()).isEqualTo(1);
            assertThat(notFinite.batch()).isEqualTo(2);
            assertThat(notFinite.error().getMessage()).contains("log () f64 is NaN, from -", "TrainerErrorsTest.java");
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING Training ended: not finite in epoch 2, batch 3: step 6: ");
        }
    }
}
