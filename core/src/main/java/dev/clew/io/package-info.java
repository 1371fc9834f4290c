/**
 * Arrays in and out of files: {@link dev.clew.io.Safetensors} reads and writes the format of that name, in one file or several, with
 * elements of every {@link dev.clew.io.ElementType}; {@link dev.clew.io.Npy} and {@link dev.clew.io.Npz} those of NumPy, of one array
 * and of many with names, and {@link dev.clew.io.EventFile} writes what TensorBoard shows; {@link dev.clew.io.AtomicFile} replaces a
 * file whole or not at all. What a file holds is believed only after it has been checked: a file that cannot be read is refused with
 * {@link dev.clew.io.UnreadableFileException}, whatever its bytes are.
 *
 * {@snippet lang=java :
 * Npz.write(Path.of("arrays.npz"), Map.of("weight", NDArray.of(new double[] {1, 2})));
 * try (Npz file = Npz.open(Path.of("arrays.npz"))) {
 *     IO.println(file.read("weight")); // f64 (2) [1.0, 2.0]
 * }
 * }
 */
@NullMarked
package dev.clew.io;

import org.jspecify.annotations.NullMarked;
