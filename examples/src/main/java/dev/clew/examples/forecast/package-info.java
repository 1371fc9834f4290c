/**
 * Forecasts of a series: {@link dev.clew.examples.forecast.Forecast} learns what comes next, one step and several ahead, and how sure it may be of it,
 * beside what a formula of two numbers knows.
 */
@NullMarked
package dev.clew.examples.forecast;

import org.jspecify.annotations.NullMarked;
