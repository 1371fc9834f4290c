package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes one step after the other, and carries the state of a recurrent model from batch to batch, as numbers. */
interface StepMaker<B> {
    /**
     * One step along the gradient of a batch's loss, whole or not at all.
     *
     * @throws ArithmeticException if a number is not finite
     */
    Made step(B batch, RandomKey key);

    /** The same where every node knows the line that made it: after a step in which a number was not finite. */
    Made traced(B batch, RandomKey key);

    /** The tensors of the state. */
    ImmutableList<NDArray> carried();

    /** Goes on from such. */
    void carry(List<NDArray> numbers);

    /** Goes on from the state before the first batch. */
    void restart();

    /** The loss and the norm of its gradients, before the parameters changed. */
    record Made(double loss, double gradientNorm) {}

    /** Tells which batches are of shapes that have not been before. */
    final class NewShapes {
        private final Consumer<String> told;
        private final Set<List<Shape>> seen = new HashSet<>();
        private @Nullable List<Shape> last;

        NewShapes(Consumer<String> told) {
            this.told = told;
        }

        void see(List<Shape> shapes) {
            if (seen.add(shapes)) {
                told.accept(BatchForm.difference(shapes, last));
            }
            last = shapes;
        }
    }
}
