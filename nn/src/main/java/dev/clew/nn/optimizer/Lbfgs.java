package dev.clew.nn.optimizer;

import java.util.List;

/** To come. */
public final class Lbfgs extends Optimizer {
    Lbfgs(Trained trained) {
        super(trained, List.of());
    }
}
