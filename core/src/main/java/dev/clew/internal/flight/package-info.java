/**
 * What the JVM's flight recorder is told, in the category <i>Clew</i>: {@code PlanCompiled}, {@code StepRun}, {@code BytesKept} and
 * {@code BytesDropped}. {@code Flight} is the door; where there is no module {@code jdk.jfr}, or nobody records, it does nothing.
 */
@NullMarked
package dev.clew.internal.flight;

import org.jspecify.annotations.NullMarked;
