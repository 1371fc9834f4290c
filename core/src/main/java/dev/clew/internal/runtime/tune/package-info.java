/**
 * How long a record should take on this machine, and how generated code is brought to its speed.
 *
 * <p>{@code Estimate} is the time at the peak of a core, by which records are divided among threads and slow ones are found. {@code
 * WarmUp} calls generated code beside the program until C2 has compiled it well, by what {@code Meter} says that it spends.
 */
@NullMarked
package dev.clew.internal.runtime.tune;

import org.jspecify.annotations.NullMarked;
