package dev.clew.examples;

import java.util.Locale;

/**
 * What a training came to.
 *
 * @param firstLoss the loss of the first epoch, in the unit that the example states
 * @param lastLoss the loss of the last epoch
 * @param result what the network can do now
 * @param reached whether that is what a right gradient gives
 * @param difference the largest relative difference between the automatic gradient and the one by hand, over all steps
 * @param where the parameter and the size of its gradient where the difference was largest
 * @param notebook what is wrong with the gradient that was published with the network
 */
record Outcome(
        double firstLoss,
        double lastLoss,
        String result,
        boolean reached,
        double difference,
        String where,
        String notebook) {

    /** One line for people. */
    String line(String name) {
        return String.format(
                Locale.ROOT,
                "%-16s loss %.4g -> %.4g; %s%s; gradient = by hand to %.1e (%s); published gradient %s",
                name,
                firstLoss,
                lastLoss,
                result,
                reached ? "" : " (MISSED)",
                difference,
                where,
                notebook);
    }
}
