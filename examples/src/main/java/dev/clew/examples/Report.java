package dev.clew.examples;

/**
 * What an example without a gradient by hand has found.
 *
 * @param text for people: a table or a picture, and what it shows
 * @param reached whether it shows what it was to show
 */
record Report(String text, boolean reached) {
    /** Some lines for people. */
    String lines(String name) {
        return name + "\n" + text + (reached ? "" : " (MISSED)");
    }
}
