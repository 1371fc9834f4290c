/**
 * What a program is: a graph of operations as a list, with positions in place of references.
 *
 * <p><b>In:</b> tensors. <b>Out:</b> a {@code Program}, the same structure for every run on other numbers: numbers are leaves, but
 * for 0, ±1, ½ and 2, by which it can be simplified.
 *
 * <p><b>Read</b> {@code Node} and {@code Program}; {@code Capture}, how a graph becomes one; {@code Literals}, which numbers stay;
 * {@code Structure}, how a graph is recognized without capturing it again. For those who change programs: {@code Rewrite}, a
 * program under change, and {@code TreeSum}, the order of long sums in it.
 */
@NullMarked
package dev.clew.internal.compile.program;

import org.jspecify.annotations.NullMarked;
