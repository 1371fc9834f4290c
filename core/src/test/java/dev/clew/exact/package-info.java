/**
 * What elementwise functions are by definition, with as many digits as are asked for: what their values and derivatives in f64 and
 * f32 are compared with. It shares no code with them.
 *
 * <p>A {@code Real} is a number of many bits that knows how far it may be off. {@code Elementary} and {@code Special} compute functions
 * of such numbers, {@code ExactFunctions} has a line for every row of the tables, and {@code Derivatives} takes differences of them. In
 * 128 bits most values take some microseconds, which is what makes thousands of points for every row possible: libraries that are
 * made for thousands of digits take some hundred times as long.
 */
@NullMarked
package dev.clew.exact;

import org.jspecify.annotations.NullMarked;
