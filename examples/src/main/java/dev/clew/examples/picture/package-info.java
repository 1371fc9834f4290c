/** The picture of the README: {@code UnrolledLoop} is a loop and its numbers, {@code LoopPicture} draws them. */
@NullMarked
package dev.clew.examples.picture;

import org.jspecify.annotations.NullMarked;
