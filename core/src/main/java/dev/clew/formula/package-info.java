/** Elementwise functions as short programs of exactly rounded steps, so that every way of running them gives the same bits. */
@NullMarked
package dev.clew.formula;

import org.jspecify.annotations.NullMarked;
