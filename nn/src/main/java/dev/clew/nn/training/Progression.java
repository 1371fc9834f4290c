package dev.clew.nn.training;

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

    void passed(StepReport report) {
        step++;
        batch++;
        if (!report.isSkipped()) {
            losses += report.loss();
            counted++;
        }
    }

    void epochPassed() {
        epoch++;
        batch = 0;
        losses = 0;
        counted = 0;
    }

    double meanLoss() {
        return counted == 0 ? Double.NaN : losses / counted;
    }
}
