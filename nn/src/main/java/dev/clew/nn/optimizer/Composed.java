package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;

/** An optimizer of parts that somebody has put together: {@link Optimizer#of}. */
public final class Composed extends Tunable<Composed> {
    private final ImmutableList<Transform> parts;

    Composed(Trained trained, ImmutableList<Transform> parts) {
        super(trained, parts);
        this.parts = parts;
    }

    @Override
    Composed with(Trained other) {
        return new Composed(other, parts);
    }

    @Override
    String kind() {
        return "Optimizer";
    }
}
