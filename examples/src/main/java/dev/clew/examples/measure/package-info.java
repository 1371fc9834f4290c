/** Measurements whose figures the README quotes. */
@NullMarked
package dev.clew.examples.measure;

import org.jspecify.annotations.NullMarked;
