/** Numbers: arrays, shapes, element types, random keys. Knows nothing of graphs. */
@NullMarked
package dev.clew.array;

import org.jspecify.annotations.NullMarked;
