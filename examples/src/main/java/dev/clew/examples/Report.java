package dev.clew.examples;

/**
 * What an example that compares several networks has found.
 *
 * @param text for people: a table or a picture, and what it shows
 * @param reached whether it shows what it was to show
 */
record Report(String text, boolean reached) {}
