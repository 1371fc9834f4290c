/**
 * Gradients of recurrent cells by hand, in plain Java, with mistakes that can be switched on one at a time.
 *
 * <p><b>In:</b> an {@code AuditedCell}, a point, and some of its {@code Bug}s. <b>Out:</b> what that code computes, and the same
 * forward pass as a graph.
 *
 * <p><b>Read</b> {@code ZoneoutRnn}, a cell; {@code Backwards}, the order in which the steps are gone through; {@code Sweep}, where
 * their terms are added up.
 */
@NullMarked
package dev.clew.audit.bug;

import org.jspecify.annotations.NullMarked;
