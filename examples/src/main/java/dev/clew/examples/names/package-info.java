/**
 * Names, letter by letter: {@link dev.clew.examples.names.Names} learns to write them, and {@link dev.clew.examples.names.Origin} to tell where
 * they are from.
 */
@NullMarked
package dev.clew.examples.names;

import org.jspecify.annotations.NullMarked;
