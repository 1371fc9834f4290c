/** The language: tensors, their operations in chapters, and the plain walk that evaluates them. */
@NullMarked
package dev.clew.tensor;

import org.jspecify.annotations.NullMarked;
