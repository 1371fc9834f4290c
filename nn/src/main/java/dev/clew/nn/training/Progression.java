package dev.clew.nn.training;

import java.util.Optional;

/** How far training has come. */
final class Progression {
    /** How many steps have been made in all. */
    long step;

    /** Counted from 0. */
    int epoch;

    /** How many batches of the epoch have been taken. */
    int batch;

    /** How many steps have been left out. */
    int skipped;

    /** Over the steps of this epoch that were not left out. */
    double losses;

    int counted;

    /** The epoch before, as long as no step of the next one has been made. */
    Optional<EpochReport> judged = Optional.empty();

    void passed(StepReport report) {
        step++;
        batch++;
        judged = Optional.empty();
        if (!report.isSkipped()) {
            losses += report.loss();
            counted++;
        }
    }

    void epochPassed(EpochReport report) {
        judged = Optional.of(report);
        epoch++;
        batch = 0;
        losses = 0;
        counted = 0;
    }

    double meanLoss() {
        return counted == 0 ? Double.NaN : losses / counted;
    }
}
