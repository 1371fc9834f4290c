package dev.clew.nn.optimizer;

/** What the numbers that an optimizer is set by must be. */
final class Settings {
    private Settings() {}

    /** Refuses what is negative or not finite. */
    static void requireNotNegative(String asked, String what, double number) {
        if (!(number >= 0 && number < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    asked + " with " + what + " = " + number + ": it must be a finite number, 0 or more");
        }
    }

    /** Refuses what is no weight of the past in a mean. */
    static void requireWeight(String asked, String what, double past) {
        if (!(past >= 0 && past < 1)) {
            throw new IllegalArgumentException(
                    asked + " with " + what + " = " + past + ": the weight of the past must be at least 0 and below 1");
        }
    }

    /** Refuses what is less than a least number. */
    static void requireAtLeast(long least, String asked, String what, long number) {
        if (number < least) {
            throw new IllegalArgumentException(
                    asked + " with " + what + " = " + number + ": it must be " + least + " or more");
        }
    }
}
