/**
 * The audit of gradients that were written by hand elsewhere, in NumPy or PyTorch: {@link dev.clew.examples.audit.Audit} is the
 * command.
 *
 * <p><b>In:</b> files of named arrays. <b>Out:</b> the report, and an exit status.
 *
 * <p><b>Read</b> {@code ArrayFile} and {@code NamedArrays}, the files; {@code Roles}, what their names mean; {@code Axes} and {@code
 * Sizes}, how arrays lie; {@code Weights}, {@code Cell}, {@code Objective} and {@code ForwardPass}, the model as a graph; {@code Case},
 * all of it together. {@code CustomAudit} is the same for a cell that has no name here.
 */
@NullMarked
package dev.clew.examples.audit;

import org.jspecify.annotations.NullMarked;
