package dev.clew.audit;

import java.util.OptionalInt;

/**
 * The first number of the forward pass by hand that is another one.
 *
 * @param quantity which of {@link Unrolled#steps}, or {@code loss}
 * @param step counted from 0; empty for the loss
 * @param relativeError ‖yours − that of the graph‖ / ‖that of the graph‖
 * @param yours a number that differs most
 * @param graph what the graph gives there
 */
public record ForwardDifference(String quantity, OptionalInt step, double relativeError, double yours, double graph) {}
