/**
 * What the records of a plan call. Nothing here knows a tensor or a program of the compiler.
 *
 * <p>A record is an {@code Instruction}: it reads and writes one native memory, at places that are fixed. One that can be cut is
 * {@code Divided}, and {@code Split} says how an axis is cut; {@code SharedInstruction} is what threads do side by side, which {@code
 * Groups} finds by what parts touch, {@code Reached}, and where, {@code Places}. {@code Workers} has the threads: a {@code Crew} of
 * {@code Worker}s, to whom a caller hands a task over by a {@code Sharing}; {@code Spares} has what each needs for itself.
 *
 * <p>Fast code is generated: {@code GeneratedClass} is what such classes have in common, {@code GeneratedClasses} finds equal ones,
 * {@code Trial} is a little work by which the JVM comes to compile one. {@code Retained} keeps what may be used again
 * within a number of bytes. {@code Machine} alone asks what the machine can do; {@code VectorForms}
 * whether the JVM runs generated code, for which {@code VectorNames} looks up what it calls.
 *
 * <p>The rooms: {@code kernel}, fused loops; {@code product}, matrix products; {@code sweep}, whatever moves, chooses or scatters
 * elements; {@code tune}, how long things should take, and how code is brought to its speed. Kernels and products have a plain
 * form, which runs well from the first call and without the Vector API, and a generated one with the same bits.
 */
@NullMarked
package dev.clew.internal.runtime;

import org.jspecify.annotations.NullMarked;
